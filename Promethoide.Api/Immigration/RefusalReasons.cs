namespace Promethoide.Api.Immigration;

/// <summary>Why a traveller may be refused; at the same time the codes of the problems that the desk is answered with.</summary>
internal static class RefusalReasons
{
    public const string InterpolMatch = "interpol-match";
    public const string FlightNotFound = "flight-not-found";
    public const string LodgingRequired = "lodging-required";
    public const string InsufficientMoney = "insufficient-money";

    /// <summary>In the order in which they are looked at.</summary>
    public static readonly IReadOnlyList<string> All = [InterpolMatch, FlightNotFound, LodgingRequired, InsufficientMoney];
}
