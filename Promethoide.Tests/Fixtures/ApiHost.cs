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

    /// <param name="connectionString">Its database.</param>
    /// <param name="opsPort">The ops port; null to serve operations on the only port.</param>
    /// <param name="log">Receives everything that is logged.</param>
    /// <param name="settings">Additional configuration.</param>
    public ApiHost(
        string connectionString, int? opsPort = null, ILoggerProvider? log = null, params KeyValuePair<string, string?>[] settings)
    {
        _log = log;
        _settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:promethoide"] = connectionString,
            ["OPS_PORT"] = opsPort?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            // The developer's shell must not influence the tests.
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

    /// <summary>The public port, called with a key that has every scope.</summary>
    public ApiClient Public { get; }

    /// <summary>The ops port.</summary>
    public ApiClient Ops { get; }

    /// <summary>Waits until it reports ready.</summary>
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
            // By default a scrape may return a cached response up to 0.3 s old.
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
        // Null if the host failed to start and the finalizer disposes of it.
        Public?.Dispose();
        Ops?.Dispose();
        base.Dispose(disposing);
    }
}
