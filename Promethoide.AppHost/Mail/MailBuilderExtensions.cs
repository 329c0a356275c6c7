namespace Promethoide.AppHost;

/// <summary>Adds the mail server of the alerts.</summary>
public static class MailBuilderExtensions
{
    private const string SmtpHost = "smtp-host";
    private const string SmtpUser = "smtp-user";
    private const string SmtpPassword = "smtp-password";
    private const string FromAddress = "smtp-from-address";
    private const string OperationsEmails = "operations-emails";
    private const string DevelopersEmails = "developers-emails";

    private const string OperationsDescription = "The addresses that are told of every alert at once, separated by commas.";
    private const string DevelopersDescription = "The addresses that are told when a critical alert lasts, separated by commas.";

    /// <summary>
    /// The configured SMTP server; without one, a mail sink of the given name, which delivers nothing and shows what it received.
    /// </summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The sink's name.</param>
    /// <param name="port">The port of the sink's web page on this machine.</param>
    public static MailServer AddMail(this IDistributedApplicationBuilder builder, string name, int port)
    {
        var fromAddress = builder.AddSetting(FromAddress, "promethoide@promethoide.example", "The sender's address of alert mail.");
        var fromName = builder.AddSetting("smtp-from-name", "Promethoide", "The sender's name of alert mail.");

        if (builder.Given(SmtpHost) is not { } host)
        {
            var sink = builder.AddMailSink(name, port);
            return new()
            {
                Address = ReferenceExpression.Create(
                    $"{sink.GetEndpoint(MailSinkResource.SmtpEndpoint).Property(EndpointProperty.HostAndPort)}"),
                Sink = sink,
                FromAddress = fromAddress,
                FromName = fromName,
                Operations = builder.AddSetting(OperationsEmails, "operations@promethoide.example", OperationsDescription),
                Developers = builder.AddSetting(DevelopersEmails, "developers@promethoide.example", DevelopersDescription),
            };
        }

        return new()
        {
            Address = ReferenceExpression.Create($"{builder.AddSetting(SmtpHost, host, "The mail server's host:port.")}"),
            // A server without authentication rejects clients that try to log in.
            Login = builder.Given(SmtpPassword) is null
                ? null
                : (builder.AddSetting(
                    SmtpUser,
                    builder.Given(FromAddress) ?? "",
                    "The name to log in to the mail server with; the sender's address unless given."),
                    builder.AddParameter(SmtpPassword, secret: true).WithDescription("The password to log in to the mail server with.")),
            FromAddress = fromAddress,
            FromName = fromName,
            // No default: alerts must not go to an address that nobody reads. The Aspire dashboard asks for missing values.
            Operations = builder.AddParameter(OperationsEmails).WithDescription(OperationsDescription),
            Developers = builder.AddParameter(DevelopersEmails).WithDescription(DevelopersDescription),
        };
    }

    // A .NET tool, pinned in .config/dotnet-tools.json: a process in both forms of the network. In memory: its mails are gone when the
    // network stops.
    private static IResourceBuilder<MailSinkResource> AddMailSink(this IDistributedApplicationBuilder builder, string name, int port)
    {
        var sink = builder.AddResource(new MailSinkResource(name, builder.AppHostDirectory));
        return sink
            .WithOwnPort(port)
            .WithEndpoint(scheme: "smtp", name: MailSinkResource.SmtpEndpoint)
            .WithArgs("tool", "run", "smtp4dev", "--", "--db=", "--imapport=", "--pop3port=", "--allowremoteconnections=false")
            .WithArgs(
                ReferenceExpression.Create($"--urls=http://127.0.0.1:{sink.GetEndpoint("http").Property(EndpointProperty.TargetPort)}"))
            .WithArgs(ReferenceExpression.Create(
                $"--smtpport={sink.GetEndpoint(MailSinkResource.SmtpEndpoint).Property(EndpointProperty.TargetPort)}"))
            .WithHttpHealthCheck("/")
            .WithIconName("Mail")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Mail")
            .WithUrlForEndpoint(MailSinkResource.SmtpEndpoint, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithSummary("Mail", note: "what would have been sent");
    }
}
