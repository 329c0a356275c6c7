using System.ComponentModel.DataAnnotations;

namespace Promethoide.Api.Limits;

/// <summary>The <c>Limits</c> configuration section: how much of the API one client may use, and how long the API waits.</summary>
public sealed class LimitsOptions
{
    internal const string Section = "Limits";

    /// <summary>Maximum size of all headers of a request in bytes; default 16 KiB. Above: 431.</summary>
    [Range(1024, 1 << 20)]
    public int RequestHeaderBytes { get; init; } = 16 * 1024;

    /// <summary>Time from a request's first byte to the response; default 10 s. Above: 503. <c>/delay</c> has its own limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections to the database; default 32. Half of them are for look-ups and half for everything else, so that neither holds up the
    /// other. Requests that find none free wait up to <see cref="DatabaseTimeout"/>.
    /// </summary>
    [Range(1, 1000)]
    public int DatabaseConnections { get; init; } = 32;

    /// <summary>Total time for a connection, the statement and all retries; default 1.5 s. Above: 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan DatabaseTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Sustained requests per second and client address; default 1000, 0 for no limit. Above: 429. All officers behind one web server or
    /// network address count as one client, so set it far above their combined load.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 1000;

    /// <summary>Burst size: requests that a client may send at once after being idle; default 2000.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; init; } = 2000;

    /// <summary>Sign-in attempts per minute and client address; default 30. Above: 429.</summary>
    [Range(1, 10_000)]
    public int SignInsPerClient { get; init; } = 30;

    /// <summary>Sign-in attempts per minute and user name, known or not; default 10. Above: 429.</summary>
    [Range(1, 10_000)]
    public int SignInsPerName { get; init; } = 10;

    /// <summary>Concurrent requests to <c>/delay</c>; default 8. Above: 429.</summary>
    [Range(1, 1000)]
    public int Delays { get; init; } = 8;
}
