using System.ComponentModel.DataAnnotations;

namespace Promethoide.Smoke;

/// <summary>The section <c>Smoke</c> of the configuration.</summary>
public sealed class SmokeOptions
{
    internal const string Section = "Smoke";

    /// <summary>The address of the network's front: Apache.</summary>
    [Required]
    public Uri Target { get; init; } = new("http://localhost:8080");

    /// <summary>Time from the start of one run to the start of the next; default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The time limit of one step; default 10 s. A real officer would have given up by then.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>His credential for the API: a key with the scope <c>smoke</c>. Null: none, if the API requires none.</summary>
    [RegularExpression(
        "[!-~]+",
        ErrorMessage = "Smoke:ApiKey has to be a key as the API makes them: letters, digits, dashes and underscores.")]
    public string? ApiKey { get; init; }

    /// <summary>A document that nobody has. The key is valid only for those that begin with SMOKE.</summary>
    [Required]
    [RegularExpression("SMOKE.*", ErrorMessage = "Smoke:Document has to begin with SMOKE: the smoke test may ask about no other document.")]
    public string Document { get; init; } = "SMOKE0001";

    /// <summary>A flight that exists.</summary>
    [Required]
    public string Flight { get; init; } = "AA123";

    /// <summary>Where a single run pushes its result; null: nowhere.</summary>
    public Uri? Pushgateway { get; init; }
}
