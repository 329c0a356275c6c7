using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace Promethoide.Api.Immigration;

/// <summary>Text on one line, of limited length.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SingleLineTextAttribute(int maximumLength) : StringLengthAttribute(maximumLength)
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string text)
        {
            return ValidationResult.Success;
        }

        if (text.Trim().Length > MaximumLength)
        {
            return new ValidationResult($"At most {MaximumLength} characters.");
        }

        return SingleLineText.IsSingleLine(text)
            ? ValidationResult.Success
            : new ValidationResult("Control characters, invisible characters and line breaks are not allowed.");
    }
}

internal static class SingleLineText
{
    /// <summary>True for non-empty text on one line that is not too long.</summary>
    public static bool IsVisible(string text, int maximumLength) =>
        text.Trim().Length > 0 && text.Length <= maximumLength && IsSingleLine(text);

    /// <summary>True for text without line breaks and invisible characters.</summary>
    public static bool IsSingleLine(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // Format: zero-width characters, and those that change the text direction, so that a name reads as another. A lone surrogate is
            // displayed as the replacement character.
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return true;
    }
}
