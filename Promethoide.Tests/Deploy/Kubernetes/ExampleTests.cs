using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>Examples that are commented out in the files work once the # is removed.</summary>
public sealed partial class ExampleTests : IDisposable
{
    private readonly string _checkout = Directory.CreateTempSubdirectory("promethoide-examples-").FullName;

    private string Production => Path.Combine(_checkout, "deploy", "kubernetes", "overlays", "production");

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Fact]
    public async Task The_ways_to_what_a_site_may_have_outside_are_valid_policies()
    {
        await CopyAsync();
        Change("outside.yaml", text =>
        {
            var (before, examples) = (
                text[..text.IndexOf("#---", StringComparison.Ordinal)],
                text[text.IndexOf("#---", StringComparison.Ordinal)..]);
            return before + Hash().Replace(examples, "");
        });

        var text = await Manifests.RenderAsync(Production);

        Assert.Empty(Manifests.DocumentsIn(text).SelectMany(StrictSchema.MistakesIn));
        var policies = KubernetesYaml.LoadAllFromString(text, strict: true).OfType<V1NetworkPolicy>().ToList();
        Assert.All(
            (string[])["to-openid-provider", "to-collector", "to-store"],
            name => Assert.Contains(policies, policy => policy.Metadata.Name == name));
    }

    [Fact]
    public async Task CloudNativePG_takes_the_place_of_the_managed_server()
    {
        await CopyAsync();
        Change("kustomization.yaml", text => text.Replace("  #- cloudnative-pg.yaml", "  - cloudnative-pg.yaml", StringComparison.Ordinal));

        var documents = Manifests.DocumentsIn(await Manifests.RenderAsync(Production)).ToList();

        // Cluster is not one of Kubernetes' own kinds.
        var cluster = Assert.Single(documents, document => document["kind"].ToString() == "Cluster");
        Assert.Empty(documents.Except([cluster]).SelectMany(StrictSchema.MistakesIn));
        Assert.Contains(documents, document => document["metadata"]["name"].ToString() == "to-cloudnative-pg");
        // The policies find its pods by the label that the operator sets, which contains the cluster's name.
        var policy = Path.Combine(Production, "cloudnative-pg.yaml");
        Assert.Equal(
            $"cnpg.io/cluster: {cluster["metadata"]["name"]}",
            Assert.Single(Selector()
                .Matches(await File.ReadAllTextAsync(policy, TestContext.Current.CancellationToken))
                .Select(match => match.Value)
                .Distinct()));
        var settings = (await Manifests.OfAsync("production")).Generated("database").Data;
        Assert.Equal(
            (settings["POSTGRES_DB"], settings["POSTGRES_USER"]),
            (cluster["spec"]["bootstrap"]["initdb"]["database"].ToString(), cluster["spec"]["bootstrap"]["initdb"]["owner"].ToString()));
    }

    private Task<string> CopyAsync() =>
        Tool.MustRunAsync("sh", ["-c", $"cd '{Repository.Root}' && cp -r --parents deploy/kubernetes monitoring postgres '{_checkout}'"]);

    private void Change(string file, Func<string, string> change)
    {
        var path = Path.Combine(Production, file);
        var text = File.ReadAllText(path);
        File.WriteAllText(path, change(text));
        Assert.NotEqual(text, File.ReadAllText(path));
    }

    [GeneratedRegex("^#", RegexOptions.Multiline)]
    private static partial Regex Hash();

    [GeneratedRegex(@"cnpg\.io/cluster: [\w-]+")]
    private static partial Regex Selector();
}
