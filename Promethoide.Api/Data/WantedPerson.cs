using System.Text.Json.Serialization;

namespace Promethoide.Api.Data;

/// <summary>A person wanted by Interpol: a row of <c>interpol</c>.</summary>
public sealed class WantedPerson
{
    /// <summary>Row id, from 1.</summary>
    public int Id { get; init; }

    /// <summary>1–100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Document number, as <see cref="Promethoide.Documents.DocumentNumber"/> normalises it.</summary>
    public required string Dni { get; init; }

    /// <summary>Date of birth, which finds the person regardless of the document; null when unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? BirthDate { get; init; }
}
