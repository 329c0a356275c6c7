using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Promethoide.Api.Data;

namespace Promethoide.Api.Immigration;

/// <summary>
/// A traveller's application, checked and normalised. <c>Lodging</c> is null when the traveller named none; <c>CreatedAt</c> is when the
/// application was received (UTC); <c>Officer</c> makes the decision. When the client gave no <c>ArrivalDate</c>, it is null and stands for
/// the next flight from today (UTC) on, otherwise the latest.
/// </summary>
internal sealed record Application(
    string Name, string Dni, string FlightNumber, DateOnly? ArrivalDate, string? Lodging, decimal DeclaredMoney, int StayDays,
    DateTime CreatedAt, string? Officer, DateOnly? BirthDate = null, string? Nationality = null)
{
    /// <summary>The reason for refusal that follows from the application alone; null when there is none.</summary>
    public string? RefusalReason(ImmigrationOptions options) => this switch
    {
        { Lodging: null } => RefusalReasons.LodgingRequired,
        { DeclaredMoney: var money } when money < options.RequiredMoney(StayDays) => RefusalReasons.InsufficientMoney,
        _ => null,
    };

    /// <summary>SHA-256 of the client's input. No field contains a line break.</summary>
    public byte[] Fingerprint() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}\n{Dni}\n{FlightNumber}\n{Lodging}\n{DeclaredMoney:F2}\n{StayDays}"
        + $"{(ArrivalDate is { } day ? $"\n{day:O}" : "")}{(BirthDate is { } birth ? $"\nborn {birth:O}" : "")}"
        + $"{(Nationality is { } nationality ? $"\nof {nationality}" : "")}")));
}

/// <summary>The outcome of an application.</summary>
internal abstract record Decision
{
    /// <summary>The decision was made in an earlier attempt at the same request.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>It is the first decision about this document on this flight, so the traveller has not been counted yet.</summary>
    public bool IsFirst { get; init; }

    /// <param name="Id">The new entry's id.</param>
    public sealed record Admitted(long Id) : Decision;

    /// <param name="Reason">One of <see cref="RefusalReasons.All"/>.</param>
    public sealed record Refused(string Reason) : Decision;

    /// <summary>The idempotency key was used for another application before.</summary>
    public sealed record KeyReused : Decision;

    /// <summary>The document already has an entry for this flight: no decision was needed.</summary>
    /// <param name="Entry">The existing entry.</param>
    public sealed record Registered(ImmigrationEntry Entry) : Decision;
}
