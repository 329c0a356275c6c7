using System.Collections;
using System.Globalization;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>Promethoide's own projects, as they were built.</summary>
internal static class DotnetServices
{
    private const string Api = "Promethoide.Api";
    private const string Web = "Promethoide.Web";
    private const string SmokeTest = "Promethoide.Smoke";

    // The sections of the API's configuration that a user may set in the environment (Limits__RequestsPerSecond=50).
    private static readonly string[] ApiSections = ["Limits__", "Immigration__", "Drills__"];
    private static readonly string[] SmokeSections = ["Smoke__"];

    public static Component Migrations(NetworkContext context, Database database)
    {
        var assembly = context.Checkout.Assembly(Api);
        return new("migrations")
        {
            WaitsFor = ["postgres"],
            RunsOnce = true,
            Start = async cancellationToken =>
            {
                await database.PrepareAsync(cancellationToken);
                return Dotnet(context, Api, assembly, ["migrate"], new() { ["ConnectionStrings__promethoide"] = database.Owner });
            },
        };
    }

    public static Component RestApi(NetworkContext context, Database database) => Service(context, Api, "rest-api", ["migrations"], new(Given(ApiSections))
    {
        ["ConnectionStrings__promethoide"] = database.Api,
    });

    public static Component WebPage(NetworkContext context) => Service(context, Web, "web", ["rest-api"], new()
    {
        ["services__rest-api__http__0"] = context.Local("rest-api"),
        ["DataProtection__KeysDirectory"] = context.State.PrivateFolder("web-keys"),
    });

    /// <summary>The synthetic officer, who serves nobody: only its ops port is there.</summary>
    public static Component Smoke(NetworkContext context) => Service(context, SmokeTest, "smoke", ["apache"], new(Given(SmokeSections))
    {
        ["Smoke__Target"] = context.Local("apache"),
    }, serves: false);

    private static Component Service(
        NetworkContext context, string project, string name, string[] waitsFor, Dictionary<string, string> environment, bool serves = true)
    {
        var assembly = context.Checkout.Assembly(project);
        var opsPort = serves ? $"{name}-ops" : name;
        var ops = context.Local(opsPort);
        environment["ASPNETCORE_URLS"] = serves ? $"{context.Local(name)};{ops}" : ops;
        environment["OPS_PORT"] = $"{context.Ports[opsPort]}";
        environment["OTEL_SERVICE_NAME"] = name;
        environment["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio";
        environment["OTEL_TRACES_SAMPLER_ARG"] = context.TracedShare.ToString(CultureInfo.InvariantCulture);
        if (context.OtlpEndpoint is { } otlp)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp;
        }

        return new(name)
        {
            WaitsFor = waitsFor,
            Url = serves ? context.Browser(name) : null,
            Start = _ => Task.FromResult(Dotnet(context, project, assembly, [], environment)),
            Health = HttpHealth.Of($"{ops}/health"),
        };
    }

    private static Dictionary<string, string> Given(string[] sections) => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Where(variable => sections.Any(section => ((string)variable.Key).StartsWith(section, StringComparison.OrdinalIgnoreCase)))
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);

    private static Command Dotnet(NetworkContext context, string project, string assembly, string[] arguments, Dictionary<string, string> environment)
    {
        var folder = context.Checkout.Combine(project);
        environment["DOTNET_ENVIRONMENT"] = environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_CONTENTROOT"] = folder;
        // Their configuration does not change while they run, and a machine has few inotify instances (128 for each user).
        environment["DOTNET_hostBuilder__reloadConfigOnChange"] = "false";
        return new(Host, [assembly, .. arguments]) { Environment = environment, WorkingDirectory = folder };
    }

    // The dotnet that runs this program: <root>/shared/Microsoft.NETCore.App/<version>/ lies three folders below it.
    public static string Host => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}
