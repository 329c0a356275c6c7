using System.ComponentModel.DataAnnotations;

namespace Promethoide.Smoke;

/// <summary>The section <c>Smoke</c> of the configuration.</summary>
public sealed class SmokeOptions
{
    internal const string Section = "Smoke";

    /// <summary>Where the network's front is: Apache.</summary>
    [Required]
    public Uri Target { get; init; } = new("http://localhost:8080");

    /// <summary>Time from the start of one run to the start of the next; default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time that one step may take; default 10 s. An officer would have given up.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What he shows to the API: a key with the scope <c>smoke</c>. Null: nothing, where the API asks for none.</summary>
    [RegularExpression(
        "[!-~]+",
        ErrorMessage = "Smoke:ApiKey has to be a key as the API makes them: letters, digits, dashes and underscores.")]
    public string? ApiKey { get; init; }

    /// <summary>A document that nobody has. The key is good for those that begin with SMOKE only.</summary>
    [Required]
    [RegularExpression("SMOKE.*", ErrorMessage = "Smoke:Document has to begin with SMOKE: the smoke test may ask about no other document.")]
    public string Document { get; init; } = "SMOKE0001";

    /// <summary>A flight that exists.</summary>
    [Required]
    public string Flight { get; init; } = "AA123";

    /// <summary>What a single run tells its result; null: nobody.</summary>
    public Uri? Pushgateway { get; init; }
}
