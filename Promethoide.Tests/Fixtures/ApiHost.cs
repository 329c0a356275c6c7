using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using Promethoide.Api.Data;

namespace Promethoide.Tests.Fixtures;

/// <summary>The real API in this process, with Kestrel on real ports, in the environment Production.</summary>
public sealed class ApiHost : WebApplicationFactory<PromethoideContext>
{
    private readonly Dictionary<string, string?> _settings;
    private readonly ILoggerProvider? _log;

    /// <param name="connectionString">How it reaches its database.</param>
    /// <param name="opsPort">The ops port; null: operations are on the one port there is.</param>
    /// <param name="log">Gets whatever is logged.</param>
    /// <param name="settings">More of the configuration.</param>
    public ApiHost(
        string connectionString, int? opsPort = null, ILoggerProvider? log = null, params KeyValuePair<string, string?>[] settings)
    {
        _log = log;
        _settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:promethoide"] = connectionString,
            ["OPS_PORT"] = opsPort?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            // What a test asserts is not what somebody's shell says.
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }

        UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            if (opsPort is { } port)
            {
                kestrel.Listen(IPAddress.Loopback, port);
            }
        });
        StartServer();

        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address));
        Public = new ApiClient(addresses.First(address => address.Port != opsPort), TestDatabase.Key);
        Ops = opsPort is { } ops ? new ApiClient(new Uri($"http://127.0.0.1:{ops}")) : Public;
    }

    /// <summary>The port for everybody, asked with a key for everything that a key can be for.</summary>
    public ApiClient Public { get; }

    /// <summary>The port for operations.</summary>
    public ApiClient Ops { get; }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task<ApiHost> ReadyAsync()
    {
        for (var attempt = 0; (await Ops.GetAsync("/health")).Status != HttpStatusCode.OK; attempt++)
        {
            Assert.True(attempt < 100, "The API did not get ready within 10 s.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return this;
    }

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseEnvironment("Production");
        foreach (var (key, value) in _settings.Where(setting => setting.Value is not null))
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureServices(services =>
        {
            // By default a scrape repeats what another one got up to 0.3 s ago.
            services.Configure<PrometheusAspNetCoreOptions>(options => options.ScrapeResponseCacheDurationMilliseconds = 0);
            if (_log is not null)
            {
                services.AddSingleton(_log);
            }
        });
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Absent in one that could not be started, which the finalizer ends.
        Public?.Dispose();
        Ops?.Dispose();
        base.Dispose(disposing);
    }
}
