using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Promethoide.Api.Data;

namespace Promethoide.Api.Immigration;

/// <summary>
/// What a traveller applies with, checked and normalised. <c>Lodging</c> is null when the traveller named none; <c>CreatedAt</c> is when
/// the application was received (UTC); <c>Officer</c> is who decides. <c>ArrivalDate</c> is null when the client did not say which day's
/// flight it is: then it is the next one from today (UTC) on, else the latest.
/// </summary>
internal sealed record Application(
    string Name, string Dni, string FlightNumber, DateOnly? ArrivalDate, string? Lodging, decimal DeclaredMoney, int StayDays,
    DateTime CreatedAt, string? Officer, DateOnly? BirthDate = null, string? Nationality = null)
{
    /// <summary>The reason to refuse the traveller that lies in the application itself; null when there is none.</summary>
    public string? RefusalReason(ImmigrationOptions options) => this switch
    {
        { Lodging: null } => RefusalReasons.LodgingRequired,
        { DeclaredMoney: var money } when money < options.RequiredMoney(StayDays) => RefusalReasons.InsufficientMoney,
        _ => null,
    };

    /// <summary>SHA-256 of what the client sent. None of it has a line break.</summary>
    public byte[] Fingerprint() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}\n{Dni}\n{FlightNumber}\n{Lodging}\n{DeclaredMoney:F2}\n{StayDays}"
        + $"{(ArrivalDate is { } day ? $"\n{day:O}" : "")}{(BirthDate is { } birth ? $"\nborn {birth:O}" : "")}"
        + $"{(Nationality is { } nationality ? $"\nof {nationality}" : "")}")));
}

/// <summary>What was decided.</summary>
internal abstract record Decision
{
    /// <summary>It was taken at an earlier try of the same request.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>It is the first one about this document on this flight: a traveller whom nobody has counted.</summary>
    public bool IsFirst { get; init; }

    /// <param name="Id">Of the new entry.</param>
    public sealed record Admitted(long Id) : Decision;

    /// <param name="Reason">One of <see cref="RefusalReasons.All"/>.</param>
    public sealed record Refused(string Reason) : Decision;

    /// <summary>The request's key was given to another application before.</summary>
    public sealed record KeyReused : Decision;

    /// <summary>The document has an entry for this flight already: no decision was needed.</summary>
    /// <param name="Entry">That entry.</param>
    public sealed record Registered(ImmigrationEntry Entry) : Decision;
}
