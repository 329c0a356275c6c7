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

    /// <summary>The SMTP server that is configured; without one, a Mailpit of the given name.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">Mailpit's name.</param>
    /// <param name="port">The port of Mailpit's web page on this machine.</param>
    public static MailServer AddMail(this IDistributedApplicationBuilder builder, string name, int port)
    {
        var fromAddress = builder.AddSetting(FromAddress, "promethoide@promethoide.example", "The sender's address of alert mail.");
        var fromName = builder.AddSetting("smtp-from-name", "Promethoide", "The sender's name of alert mail.");

        if (builder.Given(SmtpHost) is not { } host)
        {
            var mailpit = builder.AddMailpit(name, port);
            return new()
            {
                Address = ReferenceExpression.Create($"{mailpit.GetEndpoint(MailpitResource.SmtpEndpoint).Property(EndpointProperty.HostAndPort)}"),
                Mailpit = mailpit,
                FromAddress = fromAddress,
                FromName = fromName,
                Operations = builder.AddSetting(OperationsEmails, "operations@promethoide.example", OperationsDescription),
                Developers = builder.AddSetting(DevelopersEmails, "developers@promethoide.example", DevelopersDescription),
            };
        }

        return new()
        {
            Address = ReferenceExpression.Create($"{builder.AddSetting(SmtpHost, host, "The mail server's host:port.")}"),
            // A server that asks for no password refuses whoever offers a name.
            Login = builder.Given(SmtpPassword) is null
                ? null
                : (builder.AddSetting(SmtpUser, builder.Given(FromAddress) ?? "", "The name to log in to the mail server with; the sender's address unless given."),
                    builder.AddParameter(SmtpPassword, secret: true).WithDescription("The password to log in to the mail server with.")),
            FromAddress = fromAddress,
            FromName = fromName,
            // No default: alerts must not go to an address that nobody reads. The Aspire dashboard asks for what is missing.
            Operations = builder.AddParameter(OperationsEmails).WithDescription(OperationsDescription),
            Developers = builder.AddParameter(DevelopersEmails).WithDescription(DevelopersDescription),
        };
    }

    private static IResourceBuilder<MailpitResource> AddMailpit(this IDistributedApplicationBuilder builder, string name, int port) =>
        builder.AddResource(new MailpitResource(name))
            .WithImage(ContainerImages.Mailpit)
            .WithHttpEndpoint(port, targetPort: 8025)
            .WithEndpoint(targetPort: 1025, scheme: "smtp", name: MailpitResource.SmtpEndpoint)
            .WithHttpHealthCheck("/readyz")
            .InCompose(megabytes: 128, ["/mailpit", "readyz"], service =>
            {
                // Only where no mail server is set; COMPOSE_PROFILES says.
                service.Profiles = [name];
                service.Networks = [ComposeBuilderExtensions.OperationsNetwork];
                service.Ports = ["${MAILPIT_PORT}:8025"];
                service.Expose = ["1025"];
            })
            .WithIconName("Mail")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Mail")
            .WithUrlForEndpoint(MailpitResource.SmtpEndpoint, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
}
