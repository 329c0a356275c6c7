using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>Apache httpd in front of the services, with the configuration that its container has too.</summary>
internal static class Apache
{
    // Debian's folder first, then Fedora's and Arch's.
    private static readonly string[] ModuleFolders = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];

    // Whoever the distribution made for it; only root can become somebody else.
    private static readonly string[] Users = ["www-data", "apache", "http", "daemon"];

    public static Component Component(NetworkContext context, Programs programs)
    {
        var program = programs.Find("apache", "apache2", "httpd");
        return new("apache")
        {
            WaitsFor = ["web", "rest-api"],
            Url = context.Browser("apache"),
            // Not the desk's page: looking at it every other second would be traffic in the metrics.
            Health = HttpHealth.Of($"{context.Local("apache-status")}/server-status?auto"),
            Start = _ =>
            {
                var configuration = context.Checkout.Combine("Promethoide.Web", "Apache");
                var user = Users.First(Accounts.Exists);
                var runFolder = context.State.PrivateFolder("apache");
                // One that a killed Apache left names a process number that somebody else may have by now: Apache would refuse to start.
                File.Delete(Path.Combine(runFolder, "httpd.pid"));
                return Task.FromResult(new Command(program, "-DFOREGROUND", "-d", configuration, "-f", "httpd.conf")
                {
                    Environment = new Dictionary<string, string>
                    {
                        ["WEB_HTTP"] = context.Local("web"),
                        ["REST_API_HTTP"] = context.Local("rest-api"),
                        ["APACHE_LISTEN"] = $"127.0.0.1:{context.Ports["apache"]}",
                        ["APACHE_STATUS_LISTEN"] = $"127.0.0.1:{context.Ports["apache-status"]}",
                        ["APACHE_MODULES"] = ModuleFolders.FirstOrDefault(Directory.Exists)
                            ?? throw new UserException($"Apache's modules are in none of {string.Join(", ", ModuleFolders)}."),
                        ["APACHE_RUN_DIR"] = runFolder,
                        ["APACHE_ERRORS"] = ErrorPages(context, Path.Combine(configuration, "errors")),
                        ["APACHE_RUN_USER"] = user,
                        ["APACHE_RUN_GROUP"] = Accounts.GroupOf(user),
                    },
                });
            },
        };
    }

    // Root's Apache serves as another user, who may not be able to enter the checkout.
    private static string ErrorPages(NetworkContext context, string source)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return source;
        }

        var copy = Directory.CreateDirectory(context.State.Combine("apache-errors")).FullName;
        foreach (var page in Directory.GetFiles(source))
        {
            File.Copy(page, Path.Combine(copy, Path.GetFileName(page)), overwrite: true);
        }

        return copy;
    }
}
