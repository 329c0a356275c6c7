using System.ComponentModel.DataAnnotations;

namespace Promethoide.Api.Limits;

/// <summary>
/// The section <c>Limits</c> of the configuration: what one client may take of the API, and how long the API waits for anybody.
/// </summary>
public sealed class LimitsOptions
{
    internal const string Section = "Limits";

    /// <summary>Most bytes in all headers of a request; default 16 KiB. Above: 431.</summary>
    [Range(1024, 1 << 20)]
    public int RequestHeaderBytes { get; init; } = 16 * 1024;

    /// <summary>Time from the first byte of a request to its answer; default 10 s. Above: 503. <c>/delay</c> has its own limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections to the database; default 32. Half of them are for look-ups, half for all the rest, so that neither holds up the other.
    /// Whoever finds none free waits, up to <see cref="DatabaseTimeout"/>.
    /// </summary>
    [Range(1, 1000)]
    public int DatabaseConnections { get; init; } = 32;

    /// <summary>Time for a connection, the statement and all tries together; default 1.5 s. Above: 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan DatabaseTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Requests per second and client address, in the long run; default 1000, 0 is no limit. Above: 429. All officers behind one web server
    /// or one network address are one client: it has to be far above what they do together.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 1000;

    /// <summary>Requests that a client may make at once after it was idle; default 2000.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; init; } = 2000;

    /// <summary>Attempts to sign in per minute and client address; default 30. Above: 429.</summary>
    [Range(1, 10_000)]
    public int SignInsPerClient { get; init; } = 30;

    /// <summary>Attempts to sign in per minute and user name, known or not; default 10. Above: 429.</summary>
    [Range(1, 10_000)]
    public int SignInsPerName { get; init; } = 10;

    /// <summary>Requests for <c>/delay</c> that may wait at the same time; default 8. Above: 429.</summary>
    [Range(1, 1000)]
    public int Delays { get; init; } = 8;
}
