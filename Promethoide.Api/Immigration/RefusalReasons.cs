namespace Promethoide.Api.Immigration;

/// <summary>The reasons for refusal, which are also the codes of the problems that the desk receives.</summary>
internal static class RefusalReasons
{
    public const string InterpolMatch = "interpol-match";
    public const string FlightNotFound = "flight-not-found";
    public const string LodgingRequired = "lodging-required";
    public const string InsufficientMoney = "insufficient-money";

    /// <summary>In the order in which they are checked.</summary>
    public static readonly IReadOnlyList<string> All = [InterpolMatch, FlightNotFound, LodgingRequired, InsufficientMoney];
}
