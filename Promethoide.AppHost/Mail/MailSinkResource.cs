namespace Promethoide.AppHost;

/// <summary>smtp4dev: accepts mail, delivers none, and shows it on a web page.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="folder">A folder inside the checkout, whose manifest of tools names smtp4dev.</param>
public sealed class MailSinkResource(string name, string folder) : ExecutableResource(name, "dotnet", folder)
{
    internal const string SmtpEndpoint = "smtp";
}
