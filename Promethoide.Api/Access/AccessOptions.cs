using System.ComponentModel.DataAnnotations;

namespace Promethoide.Api.Access;

/// <summary>The <c>Api</c> configuration section: who may call the API.</summary>
public sealed class AccessOptions
{
    internal const string Section = "Api";

    /// <summary>
    /// Clients without a token may look up and decide, as the original's clients do; lists stay closed. Default false. Use it only on a
    /// network that nobody else can reach.
    /// </summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>
    /// How long a valid token is cached; default 20 s, at most a minute. A locked-out caller loses access within that time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan TokenCache { get; init; } = TimeSpan.FromSeconds(20);
}
