using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Promethoide.AppHost;

/// <summary>Access: the first supervisor, the smoke test's key, the allowed host names, and whether clients need to sign in.</summary>
public static class AccessBuilderExtensions
{
    // Parameters, which users of run.sh know as SUPERVISOR_PASSWORD and so on.
    internal const string SupervisorPasswordName = "supervisor-password";
    internal const string SignInTokenName = "supervisor-sign-in-token";
    internal const string SmokeKeyName = "smoke-key";

    private const string DeskHostsName = "desk-hosts";
    private const string AllowAnonymousName = "api-allow-anonymous";

    // Sections of the services' own configuration.
    private const string SingleSignOn = "Authentication";
    private const string ClientSecret = "ClientSecret";

    // The host names for Apache and the services inside the network: Apache's container, and this machine as containers see it.
    private const string HostsInside = "apache apache.dev.internal";
    private const string HostsOfThisMachine = $"aspire.dev.internal {ComponentExtensions.ThisMachine}";

    /// <summary>
    /// Lets the migrations create the first supervisor, with a password that is generated unless given, and a link for this start that
    /// signs the supervisor in once.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithFirstSupervisor(this IResourceBuilder<ProjectResource> migrations)
    {
        var builder = migrations.ApplicationBuilder;
        return migrations
            .WithEnvironment("Supervisor__Password", builder.SupervisorPassword())
            .WithEnvironment("Supervisor__SignInToken", builder.SignInToken())
            .WithSettingsOf("Supervisor", except: ["Password", "SignInToken"])
            .WithSettingsOf("Audit");
    }

    /// <summary>Passes the smoke test's key to the migrations.</summary>
    public static IResourceBuilder<ProjectResource> WithSmokeKey(this IResourceBuilder<ProjectResource> migrations) =>
        migrations.WithEnvironment("Keys__Smoke", migrations.ApplicationBuilder.SmokeKey());

    /// <summary>Passes the key to the synthetic officer.</summary>
    public static IResourceBuilder<ProjectResource> ShowsSmokeKey(this IResourceBuilder<ProjectResource> smoke) =>
        smoke.WithEnvironment("Smoke__ApiKey", smoke.ApplicationBuilder.SmokeKey());

    /// <summary>
    /// Passes to a service behind Apache its allowed host names, and whether it serves clients with neither a session nor a key: as the
    /// original did, but only where nobody else can reach it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithAccess(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        return service
            .WithEnvironment("AllowedHosts", ReferenceExpression.Create($"{builder.DeskHosts()} {HostsInside} {HostsOfThisMachine}"))
            .WithEnvironment("Api__AllowAnonymous", builder.AllowAnonymous())
            .WithSettingsOf(SingleSignOn, except: [ClientSecret]);
    }

    /// <summary>Lets officers sign in at the provider that <c>Authentication:Authority</c> names, if any.</summary>
    public static IResourceBuilder<ProjectResource> WithSingleSignOn(this IResourceBuilder<ProjectResource> web) =>
        web.WithSettingsOf(SingleSignOn);

    /// <summary>Passes to the desk the settings that it shows to officers: <c>Desk:WantedContact</c>, <c>Desk:Currency</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithDeskSettings(this IResourceBuilder<ProjectResource> web) =>
        web.WithSettingsOf("Desk");

    /// <summary>Passes to Apache its allowed host names.</summary>
    internal static IResourceBuilder<IApacheResource> WithAllowedHosts(this IResourceBuilder<IApacheResource> apache) =>
        apache.WithEnvironment(
            "APACHE_ALLOWED_HOSTS", ReferenceExpression.Create($"{apache.ApplicationBuilder.DeskHosts()} {HostsInside}"));

    /// <summary>The link's path, below the desk's address.</summary>
    internal static ReferenceExpression SignInPath(this IDistributedApplicationBuilder builder) =>
        ReferenceExpression.Create($"/sign-in?link={builder.SignInToken()}");

    /// <summary>The terminal's note on the link.</summary>
    internal static ReferenceExpression SignInNote(this IDistributedApplicationBuilder builder) =>
        ReferenceExpression.Create($"signs in once as supervisor; first {builder.WhereIs(builder.SupervisorPassword())}");

    /// <summary>The terminal's note on clients without credentials.</summary>
    internal static ReferenceExpression AccessNote(this IDistributedApplicationBuilder builder) =>
        ReferenceExpression.Create($"{new NoteOfAccess(builder.AllowAnonymous().Resource)}");

    private static IResourceBuilder<ParameterResource> SupervisorPassword(this IDistributedApplicationBuilder builder) =>
        builder.Once(SupervisorPasswordName, name => builder.AddSecret(
            name, "The first password of the user supervisor, who is made when there are no officers. It has to be changed at the desk."));

    private static IResourceBuilder<ParameterResource> SignInToken(this IDistributedApplicationBuilder builder) =>
        builder.Once(SignInTokenName, name => builder
            .AddParameter(name, Token(), secret: true)
            .WithDescription("What the link has that signs the first supervisor in, once. Each start has another."));

    // In the format of the keys that the API issues.
    private static IResourceBuilder<ParameterResource> SmokeKey(this IDistributedApplicationBuilder builder) =>
        builder.Once(SmokeKeyName, name => builder.AddSecret(
            name, "The key that the smoke test shows to the API. It is good for rehearsals only.", new GenerateKeyDefault()));

    private static IResourceBuilder<ParameterResource> DeskHosts(this IDistributedApplicationBuilder builder) =>
        builder.Once(DeskHostsName, name => builder.AddSetting(
            name, "localhost", "The names under which the desk is opened, separated by blanks. Requests for others are refused."));

    private static IResourceBuilder<ParameterResource> AllowAnonymous(this IDistributedApplicationBuilder builder) =>
        builder.Once(AllowAnonymousName, name =>
        {
            if (builder.Given(name) is { } given && !bool.TryParse(given, out _))
            {
                throw new DistributedApplicationException(
                    $"{SettingsExtensions.VariableOf(name)} is '{given}'; it has to be true or false.");
            }

            return builder
                .AddParameter(name, () => builder.Given(name)?.ToLowerInvariant() ?? (builder.IsOnLoopbackOnly() ? "true" : "false"))
                .WithDescription(
                    "Whether the API looks up and decides for clients that have neither signed in nor a key. By default only where nobody "
                    + "but this machine reaches it.");
        });

    // If others can reach the desk, if only through a proxy, it has another host name.
    private static bool IsOnLoopbackOnly(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode
        && (builder.Given(DeskHostsName) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(IsLoopback)
        && builder.Resources.Where(resource => resource is IApacheResource or ProjectResource)
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()).All(endpoint => IsLoopback(endpoint.TargetHost));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    // The services' own settings, however the AppHost got them; as processes they inherit little of its environment.
    private static IResourceBuilder<ProjectResource> WithSettingsOf(
        this IResourceBuilder<ProjectResource> service, string section, params string[] except)
    {
        foreach (var setting in service.ApplicationBuilder.Configuration.GetSection(section)
            .GetChildren()
            .Where(setting => setting.Value is not null && !except.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var name = $"{section}__{setting.Key}";
            _ = setting.Key.Equals(ClientSecret, StringComparison.OrdinalIgnoreCase)
                ? service.WithEnvironment(name, service.ApplicationBuilder
                    .AddParameter("authentication-client-secret", setting.Value!, secret: true)
                    .WithDescription("The secret of the desk at the provider of single sign-on."))
                : service.WithEnvironment(name, setting.Value!);
        }

        return service;
    }

    private static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // Several resources refer to the same parameter.
    private static IResourceBuilder<ParameterResource> Once(
        this IDistributedApplicationBuilder builder, string name, Func<string, IResourceBuilder<ParameterResource>> add) =>
        builder.Resources.OfType<ParameterResource>().SingleOrDefault(parameter => parameter.Name == name) is { } known
            ? builder.CreateResourceBuilder(known)
            : add(name);

    // Known only once everything that may listen elsewhere is in the model.
    private sealed class NoteOfAccess(ParameterResource allowAnonymous) : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => allowAnonymous.ValueExpression;

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            await allowAnonymous.GetValueAsync(cancellationToken) == "true"
            ? "look-ups and decisions need no sign-in, since only this machine gets here"
            : "with a session or a key";
    }

    private sealed class GenerateKeyDefault : ParameterDefault
    {
        public override string GetDefaultValue() => $"pmk_{Token()}";

        public override void WriteToManifest(ManifestPublishingContext context) => throw new NotSupportedException();
    }
}
