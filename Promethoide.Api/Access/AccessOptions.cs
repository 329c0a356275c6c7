using System.ComponentModel.DataAnnotations;

namespace Promethoide.Api.Access;

/// <summary>The section <c>Api</c> of the configuration: who may call.</summary>
public sealed class AccessOptions
{
    internal const string Section = "Api";

    /// <summary>
    /// Whoever shows no token may look up and decide, as the original's clients do; lists stay closed. Default false. Only for a network
    /// that nobody else reaches.
    /// </summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>
    /// How long a token that was good is not looked up again; default 20 s, at most a minute. Who is locked out is out after that time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan TokenCache { get; init; } = TimeSpan.FromSeconds(20);
}
