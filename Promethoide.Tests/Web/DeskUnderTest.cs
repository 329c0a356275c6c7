using Microsoft.Playwright;

namespace Promethoide.Tests.Web;

/// <summary>The web in front of a stub of the API, with its users.</summary>
public sealed class DeskUnderTest : IAsyncLifetime
{
    /// <summary>The contact shown to officers for wanted persons.</summary>
    public const string WantedContact = "ext. 4410";

    private readonly string _keys = Directory.CreateTempSubdirectory("promethoide-keys-").FullName;
    private RunningDesk _web = null!;

    public StubApi Api { get; private set; } = null!;

    /// <summary>The telemetry it exports.</summary>
    public TelemetrySink Telemetry { get; private set; } = null!;

    public string Address => _web.Address;

    public string OpsAddress => _web.OpsAddress;

    /// <summary>Its log.</summary>
    public string Log => _web.Log;

    public async ValueTask InitializeAsync()
    {
        Api = await StubApi.StartAsync();
        Telemetry = await TelemetrySink.StartAsync();
        _web = await RunningDesk.StartAsync(
            [Api.Address], _keys, new Dictionary<string, string>(Telemetry.Variables) { ["Desk__WantedContact"] = WantedContact });
    }

    /// <summary>A signed-out browser, without scripts.</summary>
    public DeskClient Nobody(string language = "es") => _web.Nobody(language);

    /// <summary>An officer's browser, without scripts.</summary>
    public Task<DeskClient> OfficerAsync(string language = "es") => _web.SignedInAsync(StubApi.Officer, language);

    /// <summary>A supervisor's browser, without scripts.</summary>
    public Task<DeskClient> SupervisorAsync(string language = "es") => _web.SignedInAsync(StubApi.Supervisor, language);

    /// <summary>The browser of a user known to the API, without scripts.</summary>
    public Task<DeskClient> SignedInAsync(string name) => _web.SignedInAsync(name);

    /// <summary>Signs in, in a real browser.</summary>
    public Task SignInAsync(IPage page, string name = StubApi.Officer) => _web.SignInAsync(page, name);

    /// <summary>A second web of the same network, or the first after a restart.</summary>
    public Task<RunningDesk> StartReplicaAsync(params IEnumerable<(string Name, string Value)> settings) =>
        RunningDesk.StartAsync([Api.Address], _keys, settings.ToDictionary(setting => setting.Name, setting => setting.Value));

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await Api.DisposeAsync();
        await Telemetry.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }
}
