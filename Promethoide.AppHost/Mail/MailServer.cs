using Promethoide.Monitoring.Alerting;

namespace Promethoide.AppHost;

/// <summary>The server through which alert mail is sent.</summary>
public sealed class MailServer
{
    /// <summary>The server's <c>host:port</c>.</summary>
    public required ReferenceExpression Address { get; init; }

    /// <summary>The mail sink, when no server is configured.</summary>
    public IResourceBuilder<MailSinkResource>? Sink { get; init; }

    /// <summary>The name and password to log in with; null for a server without authentication.</summary>
    public (IResourceBuilder<ParameterResource> User, IResourceBuilder<ParameterResource> Password)? Login { get; init; }

    /// <summary>The sender's address.</summary>
    public required IResourceBuilder<ParameterResource> FromAddress { get; init; }

    /// <summary>The sender's name.</summary>
    public required IResourceBuilder<ParameterResource> FromName { get; init; }

    /// <summary>The recipients who are notified immediately.</summary>
    public required IResourceBuilder<ParameterResource> Operations { get; init; }

    /// <summary>The recipients who are notified when a critical alert lasts.</summary>
    public required IResourceBuilder<ParameterResource> Developers { get; init; }

    internal async Task<AlertmanagerSmtp> ForAlertmanagerAsync(CancellationToken cancellationToken) => new(
        await Address.GetValueAsync(cancellationToken) ?? "",
        $"\"{Escaped(await ValueAsync(FromName, cancellationToken))}\" <{await ValueAsync(FromAddress, cancellationToken)}>",
        Login is var (user, password) ? (await ValueAsync(user, cancellationToken), await ValueAsync(password, cancellationToken)) : null);

    /// <summary>The addresses, by the names that the contact points use.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> AddressesAsync(CancellationToken cancellationToken) =>
        new Dictionary<string, string>
        {
            ["OPERATIONS_EMAILS"] = await ValueAsync(Operations, cancellationToken),
            ["DEVELOPERS_EMAILS"] = await ValueAsync(Developers, cancellationToken),
        };

    private static string Escaped(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static async Task<string> ValueAsync(IResourceBuilder<ParameterResource> parameter, CancellationToken cancellationToken) =>
        await parameter.Resource.GetValueAsync(cancellationToken) ?? "";
}
