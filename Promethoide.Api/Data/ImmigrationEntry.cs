using System.Text.Json.Serialization;

namespace Promethoide.Api.Data;

/// <summary>
/// An admitted traveller: a row of <c>immigration</c>. At most one valid entry exists per document, flight number and day of arrival.
/// </summary>
public sealed class ImmigrationEntry : IDecisionRow
{
    /// <inheritdoc/>
    public long Id { get; init; }

    /// <summary>1–100 characters.</summary>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Dni { get; init; }

    /// <summary>Where the traveller stays: 1–255 characters.</summary>
    public required string Lodging { get; init; }

    /// <summary>Funds declared, with two decimals.</summary>
    public decimal DeclaredMoney { get; init; }

    /// <inheritdoc/>
    public required string FlightNumber { get; init; }

    /// <summary>Actual or scheduled day of arrival.</summary>
    public DateOnly ArrivalDate { get; init; }

    /// <summary>Length of the stay in days, 1–365.</summary>
    public int StayDays { get; init; }

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

    /// <summary>
    /// When a supervisor annulled the entry (UTC); null when it is valid. An annulled entry stays on record, and the traveller can be
    /// decided on again.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? AnnulledAt { get; init; }

    /// <summary>The supervisor who annulled it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AnnulledBy { get; init; }

    /// <summary>The reason, 1–255 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AnnulmentReason { get; init; }
}
