using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Promethoide.Documents;

namespace Promethoide.Api.Immigration;

/// <summary>A traveller's application, as sent by the desk.</summary>
public sealed record EntryRequest
{
    internal const int LongestStay = 365;

    /// <summary>1–100 characters; no control characters.</summary>
    [Required(ErrorMessage = "Enter the traveller's name."), SingleLineText(100)]
    public string? Name { get; init; }

    /// <summary>Document number: 1–15 letters or digits; dots, dashes, spaces and case are ignored.</summary>
    [Required(ErrorMessage = "Enter the document number."), DocumentNumberFormat]
    public string? Dni { get; init; }

    /// <summary>Where the traveller stays, at most 255 characters. Without it the traveller is refused.</summary>
    [SingleLineText(255)]
    public string? Lodging { get; init; }

    /// <summary>Funds declared: from 0, below 10,000,000,000,000, at most two decimals.</summary>
    [Required(ErrorMessage = "Enter the declared money."), Money]
    public decimal? DeclaredMoney { get; init; }

    /// <summary>Flight number: 1–10 letters or digits; spaces and case are ignored.</summary>
    [Required(ErrorMessage = "Enter the flight number."), FlightNumberFormat]
    public string? FlightNumber { get; init; }

    /// <summary>Day of the flight's arrival. Default: the next flight with this number from today (UTC) on, otherwise the latest.</summary>
    public DateOnly? ArrivalDate { get; init; }

    /// <summary>Length of the stay in days, 1–365; default 1.</summary>
    [Range(1, LongestStay, ErrorMessage = "A stay lasts 1 to 365 days.")]
    public int? StayDays { get; init; }

    /// <summary>Date of birth, from 1900 to today.</summary>
    [BirthDate]
    public DateOnly? BirthDate { get; init; }

    /// <summary>Nationality as in machine-readable zones: 1–3 letters; surrounding spaces and case are ignored.</summary>
    [NationalityFormat]
    public string? Nationality { get; init; }

    /// <summary>True runs every check but stores nothing. Text is accepted too, as for numbers.</summary>
    [JsonConverter(typeof(BooleanOrText))]
    public bool? Smoke { get; init; }

    /// <summary>The application in this request, after validation.</summary>
    internal Application ToApplication(DateTime receivedAt, string? officer) => new(
        Name!.Trim(),
        DocumentNumber.Normalise(Dni!),
        Flights.FlightNumber.Normalise(FlightNumber!),
        ArrivalDate,
        string.IsNullOrWhiteSpace(Lodging) ? null : Lodging.Trim(),
        DeclaredMoney!.Value,
        StayDays ?? 1,
        receivedAt,
        officer,
        BirthDate,
        string.IsNullOrWhiteSpace(Nationality) ? null : Documents.Nationality.Normalise(Nationality));
}
