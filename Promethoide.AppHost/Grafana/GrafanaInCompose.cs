using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace Promethoide.AppHost;

/// <summary>What is different about Grafana when it is published: an operator sets its mail server and addresses.</summary>
internal static class GrafanaInCompose
{
    // One of the two spellings of the mail server counts, and a server that asks for no password refuses whoever offers a name.
    private const string Start =
        """
        export GF_SMTP_HOST="$${GF_SMTP_HOST:-$${GR_SMTP_HOST:-mailpit:1025}}"
        [ -z "$$GF_SMTP_PASSWORD" ] || export GF_SMTP_USER="$${GF_SMTP_USER:-$$GF_SMTP_FROM_ADDRESS}"
        exec /run.sh
        """;

    private static readonly string[] Settings = ["GF_SMTP_HOST", "GR_SMTP_HOST", "GF_SMTP_USER", "GF_SMTP_PASSWORD", "GF_SERVER_ROOT_URL", "TRACES_URL"];

    public static void Complete(Service service)
    {
        service.Networks = [ComposeBuilderExtensions.OperationsNetwork];
        service.Ports = ["${GRAFANA_PORT}:3000"];
        service.Entrypoint = ["/bin/sh", "-c"];
        service.Command = [Start];
        foreach (var name in Settings)
        {
            service.Environment[name] = $"${{{name}}}";
        }

        // Encrypted where the server can.
        service.Environment.Remove("GF_SMTP_STARTTLS_POLICY");
    }
}
