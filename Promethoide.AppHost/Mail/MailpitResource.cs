namespace Promethoide.AppHost;

/// <summary>Mailpit: takes mail, delivers none, and shows it on a web page.</summary>
/// <param name="name">The resource's name.</param>
public sealed class MailpitResource(string name) : ContainerResource(name)
{
    internal const string SmtpEndpoint = "smtp";
}
