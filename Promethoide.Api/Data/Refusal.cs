using System.Text.Json.Serialization;

namespace Promethoide.Api.Data;

/// <summary>A refused traveller, and the reason: a row of <c>refusals</c>.</summary>
public sealed class Refusal : IDecisionRow
{
    /// <inheritdoc/>
    public long Id { get; init; }

    /// <summary>1–100 characters.</summary>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Dni { get; init; }

    /// <inheritdoc/>
    public required string FlightNumber { get; init; }

    /// <summary>Actual or scheduled day of arrival; null when there is no such flight.</summary>
    public DateOnly? ArrivalDate { get; init; }

    /// <summary>1–255 characters; null when the traveller named none.</summary>
    public string? Lodging { get; init; }

    /// <summary>Funds declared, with two decimals.</summary>
    public decimal DeclaredMoney { get; init; }

    /// <summary>Length of the stay in days, 1–365.</summary>
    public int StayDays { get; init; }

    /// <summary>The <c>code</c> of the problem that the desk received.</summary>
    public required string Reason { get; init; }

    /// <summary>Date of birth; null when not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? BirthDate { get; init; }

    /// <summary>Nationality as in machine-readable zones (ICAO Doc 9303, part 3, section 5): 1–3 letters; null when not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Nationality { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string SearchName { get; private init; } = "";

    /// <inheritdoc/>
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc/>
    public string? Officer { get; init; }
}
