using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The web as it runs in production, from its build output, in front of a stub of the API.</summary>
public sealed class DeskUnderTest : IAsyncLifetime
{
    private readonly string _keys = Directory.CreateTempSubdirectory("promethoide-keys-").FullName;
    private RunningProgram _web = null!;

    public StubApi Api { get; private set; } = null!;

    /// <summary>What it tells the monitoring.</summary>
    public TelemetrySink Telemetry { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public string OpsAddress { get; private set; } = "";

    /// <summary>Its log.</summary>
    public string Log => _web.Output;

    public async ValueTask InitializeAsync()
    {
        Api = await StubApi.StartAsync();
        Telemetry = await TelemetrySink.StartAsync();
        Address = $"http://127.0.0.1:{Loopback.FreePort()}";
        var ops = Loopback.FreePort();
        OpsAddress = $"http://127.0.0.1:{ops}";
        _web = RunningProgram.Start("dotnet", [Repository.Assembly("Promethoide.Web")], Repository.Combine("Promethoide.Web"), new Dictionary<string, string>(Telemetry.Variables)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"{Address};{OpsAddress}",
            ["OPS_PORT"] = $"{ops}",
            ["services__rest-api__http__0"] = Api.Address,
            ["DataProtection__KeysDirectory"] = _keys,
        });
        await _web.AnswersAsync($"{OpsAddress}/health");
    }

    /// <summary>An officer's browser, without scripts.</summary>
    public Officer Officer(string language = "es") => new(Address, language);

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await Api.DisposeAsync();
        await Telemetry.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }
}
