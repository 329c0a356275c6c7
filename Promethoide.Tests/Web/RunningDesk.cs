using System.Net;
using Microsoft.Playwright;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>A web as it runs in production, from its build output, in front of a stub of the API.</summary>
public sealed class RunningDesk : IAsyncDisposable
{
    private readonly RunningProgram _program;

    private RunningDesk(RunningProgram program, string address, string opsAddress) =>
        (_program, Address, OpsAddress) = (program, address, opsAddress);

    public string Address { get; }

    public string OpsAddress { get; }

    /// <summary>Its log.</summary>
    public string Log => _program.Output;

    /// <param name="apis">The addresses of the API.</param>
    /// <param name="keys">The folder of keys shared with its replicas and kept across restarts.</param>
    /// <param name="settings">Additional environment variables.</param>
    public static async Task<RunningDesk> StartAsync(
        IReadOnlyList<string> apis, string? keys = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var (port, ops) = (Loopback.FreePort(), Loopback.FreePort());
        var (address, opsAddress) = ($"http://127.0.0.1:{port}", $"http://127.0.0.1:{ops}");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"{address};{opsAddress}",
            ["OPS_PORT"] = $"{ops}",
        };
        foreach (var (index, api) in apis.Index())
        {
            environment[$"services__rest-api__http__{index}"] = api;
        }

        if (keys is not null)
        {
            environment["DataProtection__KeysDirectory"] = keys;
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        var program = RunningProgram.Start(
            "dotnet", [Repository.Assembly("Promethoide.Web")], Repository.Combine("Promethoide.Web"), environment);
        await program.AnswersAsync($"{opsAddress}/health");
        return new RunningDesk(program, address, opsAddress);
    }

    /// <summary>A signed-out browser, without scripts.</summary>
    public DeskClient Nobody(string language = "es", CookieContainer? cookies = null) => new(Address, language, cookies);

    /// <summary>A signed-in officer's browser.</summary>
    public async Task<DeskClient> SignedInAsync(string name, string language = "es")
    {
        var officer = Nobody(language);
        await officer.SignInAsync(name);
        Assert.True(officer.HasSession, officer.Page);
        return officer;
    }

    /// <summary>Signs in, in a real browser.</summary>
    public async Task SignInAsync(IPage page, string name)
    {
        using var officer = await SignedInAsync(name);
        await page.Context.AddCookiesAsync([new() { Name = "session", Value = officer.Cookie("session")!, Url = Address }]);
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
