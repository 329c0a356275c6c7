using System.Text.Json.Serialization;

namespace Promethoide.Api.Data;

/// <summary>A person whom Interpol looks for: a row of <c>interpol</c>.</summary>
public sealed class WantedPerson
{
    /// <summary>Number of the row, from 1.</summary>
    public int Id { get; init; }

    /// <summary>1–100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Document number, as <see cref="Promethoide.Documents.DocumentNumber"/> normalises it.</summary>
    public required string Dni { get; init; }

    /// <summary>Day of birth, by which the person is found whatever the document; null when it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? BirthDate { get; init; }
}
