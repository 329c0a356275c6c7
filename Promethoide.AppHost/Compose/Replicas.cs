using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Promethoide.AppHost;

/// <summary>
/// The same network with more of what serves officers: <c>compose.replicas.yaml</c>, to be laid over <c>docker-compose.yaml</c>. Each replica is a service of
/// its own (<c>web-2</c>), so that it has a name which Apache, web and Prometheus can be told.
/// </summary>
/// <param name="file">The network with one of each, before its settings are applied.</param>
/// <param name="output">The folder that it is published to.</param>
internal sealed class Replicas(ComposeFile file, string output)
{
    private const int Count = 3;
    private const string RestApi = "rest-api";
    private const string Web = "web";
    private const string Folder = "replicas";

    // What Apache asks for, to see that one answers: what costs it little.
    private static readonly (string Name, string Page)[] Balanced = [(RestApi, "/"), (Web, "/logo.svg")];

    private static readonly string[] Replicated = [RestApi, Web];

    public void Write(ComposeSettings settings)
    {
        var more = new ComposeFile();
        foreach (var name in Replicated)
        {
            foreach (var replica in OthersOf(name))
            {
                var service = Copy(file.Services[name]);
                service.Name = replica;
                more.AddService(service);
            }
        }

        foreach (var web in NamesOf(Web))
        {
            var service = more.Services.GetValueOrDefault(web) ?? Extend(more, web);
            foreach (var (replica, index) in NamesOf(RestApi).Select((replica, index) => (replica, index)))
            {
                service.Environment[$"services__{RestApi}__http__{index}"] = $"http://{replica}:8080";
            }

            // The first one has made the keys that they share.
            if (web != Web)
            {
                service.DependsOn[Web] = new() { Condition = "service_healthy" };
            }
        }

        Mount(Extend(more, "apache"), "apache", "/usr/local/apache2/replicas", new Dictionary<string, string> { ["balancers.conf"] = Balancers() });
        Mount(Extend(more, "prometheus"), "targets", "/etc/prometheus/targets", Targets());

        settings.Apply(more);
        File.WriteAllText(Path.Combine(output, "compose.replicas.yaml"), more.ToYaml());
    }

    private static IEnumerable<string> NamesOf(string name) => [name, .. OthersOf(name)];

    private static IEnumerable<string> OthersOf(string name) => Enumerable.Range(2, Count - 1).Select(number => FormattableString.Invariant($"{name}-{number}"));

    private static Service Extend(ComposeFile more, string name)
    {
        var service = new Service { Name = name };
        more.AddService(service);
        return service;
    }

    private static Service Copy(Service service)
    {
        var one = new ComposeFile().AddService(service).ToYaml();
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<ComposeFile>(one).Services.Values.Single();
    }

    private void Mount(Service service, string name, string target, IReadOnlyDictionary<string, string> files)
    {
        ComposeBuilderExtensions.Rewrite(Path.Combine(output, Folder, name), files);
        service.AddVolume(new() { Name = name, Type = "bind", Source = $"./{Folder}/{name}", Target = target, ReadOnly = true });
    }

    // httpd.conf includes it before its own ProxyPass lines, and the first that fits counts.
    private static string Balancers()
    {
        var text = new StringBuilder(
            """
            # Written by the AppHost; httpd.conf includes it. Each member is asked for a page every five seconds; one that does not answer gets no request
            # until it does. A request is sent to another member only when it has not reached the first: nothing is done twice.

            """);
        foreach (var (name, page) in Balanced)
        {
            text.Append('\n').Append(CultureInfo.InvariantCulture, $"<Proxy \"balancer://{name}\">\n  ProxySet lbmethod=bybusyness\n");
            foreach (var replica in NamesOf(name))
            {
                text.Append(CultureInfo.InvariantCulture, $"  BalancerMember \"http://{replica}:8080\" connectiontimeout=2 timeout=15 retry=1 ttl=60 hcmethod=GET hcuri={page} hcinterval=5\n");
            }

            text.Append("</Proxy>\n");
        }

        return text.Append(
            """

            ProxyPass "/api/" "balancer://rest-api/"
            ProxyPass "/delay" "balancer://rest-api/delay"
            ProxyPass "/" "balancer://web/"

            """).ToString();
    }

    // Whatever scrapes or probes the first of them scrapes and probes each, under the replica's name.
    private Dictionary<string, string> Targets() => Directory.GetFiles(Path.Combine(output, "targets")).Order().ToDictionary(
        path => Path.GetFileName(path),
        path =>
        {
            var text = File.ReadAllText(path);
            var targets = JsonNode.Parse(text)!.AsArray();
            foreach (var target in targets.ToList())
            {
                foreach (var name in Replicated.Where(name => Refers(target!, name)))
                {
                    foreach (var replica in OthersOf(name))
                    {
                        targets.Add(JsonNode.Parse(target!.ToJsonString()
                            .Replace($"\"{name}", $"\"{replica}", StringComparison.Ordinal)
                            .Replace($"http://{name}:", $"http://{replica}:", StringComparison.Ordinal)));
                    }
                }
            }

            return targets.ToJsonString(new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        });

    private static bool Refers(JsonNode target, string name) => target["labels"]!["instance"]!.GetValue<string>().Split('/')[0] == name;
}
