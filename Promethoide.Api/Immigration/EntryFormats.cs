using System.ComponentModel.DataAnnotations;
using Promethoide.Api.Flights;
using Promethoide.Documents;

namespace Promethoide.Api.Immigration;

/// <summary>See <see cref="DocumentNumber"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DocumentNumberFormatAttribute() : ValidationAttribute("A document number has 1 to 15 letters or digits.")
{
    public override bool IsValid(object? value) => value is not string text || DocumentNumber.IsValid(DocumentNumber.Normalise(text));
}

/// <summary>See <see cref="FlightNumber"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FlightNumberFormatAttribute() : ValidationAttribute("A flight number has 1 to 10 letters or digits.")
{
    public override bool IsValid(object? value) => value is not string text || FlightNumber.IsValid(FlightNumber.Normalise(text));
}

/// <summary>See <see cref="BirthDate"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BirthDateAttribute() : ValidationAttribute("A day of birth is from 1900-01-01 to today.")
{
    public override bool IsValid(object? value) => value is not DateOnly day || IsPossible(day);

    /// <summary>Today is the latest current date anywhere on earth.</summary>
    public static bool IsPossible(DateOnly day) =>
        BirthDate.IsPossible(day, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(14)));
}

/// <summary>See <see cref="Nationality"/>; empty means none.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NationalityFormatAttribute() : ValidationAttribute("A nationality has 1 to 3 letters.")
{
    public override bool IsValid(object? value) =>
        value is not string text || string.IsNullOrWhiteSpace(text) || Nationality.IsValid(Nationality.Normalise(text));
}

/// <summary>An amount that the database can hold: not negative, below 10 000 000 000 000, no fractions of a cent.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MoneyAttribute() : ValidationAttribute("Money is an amount from 0 to 9999999999999.99 with at most two decimals.")
{
    private const decimal Limit = 1e13m;

    public override bool IsValid(object? value) =>
        value is not decimal money || (money is >= 0 and < Limit && decimal.Round(money, 2) == money);
}
