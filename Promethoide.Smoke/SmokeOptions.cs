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

    /// <summary>A document whose holder nobody looks for.</summary>
    [Required]
    public string Document { get; init; } = "SMOKE0001";

    /// <summary>A flight that exists.</summary>
    [Required]
    public string Flight { get; init; } = "AA123";

    /// <summary>What a single run tells its result; null: nobody.</summary>
    public Uri? Pushgateway { get; init; }
}
