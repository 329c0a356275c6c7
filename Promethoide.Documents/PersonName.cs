using System.Globalization;
using System.Text;

namespace Promethoide.Documents;

/// <summary>
/// Compares names as people, scanners and lists write them: with or without accents, in any order, with or without a middle name. It
/// prefers false positives to misses, because an officer reviews the matches.
/// </summary>
public static class PersonName
{
    // Letters that Unicode does not decompose, as transliterated by ICAO Doc 9303, part 3, section 6.
    private static readonly Dictionary<char, string> Transliterated = new()
    {
        ['ß'] = "SS", ['Æ'] = "AE", ['Œ'] = "OE", ['Ø'] = "OE", ['Ð'] = "D", ['Đ'] = "D", ['Ł'] = "L", ['Þ'] = "TH", ['ı'] = "I",
    };

    // The same table allows two forms for some accented letters: Müller is MUELLER or MULLER, Ångström is AANGSTROEM or ANGSTROM.
    private static readonly (string Two, string One)[] Folded = [("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A")];

    /// <summary>
    /// True when two names may belong to the same person: the words of one are among the words of the other (at least two of them, unless
    /// neither has more than one), or the differing words are equal when joined.
    /// </summary>
    public static bool MayBeSame(string one, string other)
    {
        var (fewer, more) = (Words(one), Words(other));
        if (fewer.Count > more.Count)
        {
            (fewer, more) = (more, fewer);
        }

        var shared = fewer.RemoveAll(more.Remove);
        return fewer.Count > 0 ? string.Concat(fewer) == string.Concat(more) : shared > 1 || (shared == 1 && more.Count == 0);
    }

    private static List<string> Words(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var letters = new StringBuilder();
        foreach (var character in name.Normalize(NormalizationForm.FormKD))
        {
            var upper = char.ToUpperInvariant(character);
            if (Transliterated.TryGetValue(upper, out var two))
            {
                letters.Append(two);
            }
            else if (char.IsLetter(upper))
            {
                letters.Append(upper);
            }
            else if (!IsWithinWord(character))
            {
                letters.Append(' ');
            }
        }

        return
        [
            .. letters.ToString()
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Folded.Aggregate(word, (text, pair) => text.Replace(pair.Two, pair.One, StringComparison.Ordinal))),
        ];
    }

    // Accents, and the apostrophe of O'Neill, which zones omit.
    private static bool IsWithinWord(char character) =>
        character is '\'' or '’' or 'ʼ' or '`'
            || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.ModifierLetter;
}
