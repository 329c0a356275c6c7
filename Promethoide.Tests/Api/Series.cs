namespace Promethoide.Tests.Api;

/// <summary>The API's own series, as they appear in a scrape.</summary>
internal static class Series
{
    public const string InterpolMatches = "promethoide_interpol_matches_total";

    public static readonly string[] Decisions =
    [
        """promethoide_decisions_total{outcome="admitted",reason="none"}""",
        """promethoide_decisions_total{outcome="refused",reason="interpol-match"}""",
        """promethoide_decisions_total{outcome="refused",reason="flight-not-found"}""",
        """promethoide_decisions_total{outcome="refused",reason="lodging-required"}""",
        """promethoide_decisions_total{outcome="refused",reason="insufficient-money"}""",
    ];

    public const string Travellers = "promethoide_travellers_total";

    public static readonly string[] Business = [.. Decisions, InterpolMatches, Travellers];

    public static readonly string[] SignIns =
    [
        """promethoide_sign_ins_total{result="failed"}""",
        """promethoide_sign_ins_total{result="limited"}""",
        """promethoide_sign_ins_total{result="succeeded"}""",
        "promethoide_lock_outs_total",
    ];

    public static readonly string[] Endpoints =
    [
        "add_officer", "annul_immigration_entry", "change_password", "check_dni", "check_flight", "create_immigration_entry",
        "find_possible_matches", "get_immigration_entry", "get_session", "get_summary", "list_flights", "list_hits",
        "list_immigration_entries", "list_officers", "list_refusals", "lock_officer", "remove_officer", "reset_officer", "sign_in",
        "sign_in_by_link", "sign_out", "sign_out_everywhere", "unlock_officer",
    ];
}
