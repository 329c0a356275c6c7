using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Promethoide.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Network;

/// <summary>Where the running network's passwords and keys may appear, and where not.</summary>
public sealed class SecretsTests(RunningNetworkFixture fixture)
{
    // Files whose purpose is to hold passwords.
    private static readonly string[] Kept = ["pg_service.conf"];

    [Fact]
    public async Task No_process_has_one_in_its_arguments()
    {
        var secrets = await (await fixture.Network).SecretsAsync();

        var lines = Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Select(folder => Read(Path.Combine(folder, "cmdline")));

        Assert.True(secrets.Count >= 6, string.Join(' ', secrets.Keys));
        Assert.All(lines, line => Assert.DoesNotContain(secrets.Values, secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_part_writes_one_to_its_log()
    {
        var network = await fixture.Network;
        var secrets = await network.SecretsAsync();
        var parts = network.Shown.Select(part => part.Resource)
            .Where(resource => resource is ProjectResource or ExecutableResource)
            .Select(resource => resource.Name)
            .ToList();

        var logs = await Task.WhenAll(parts.Select(async part => (part, Log: await network.LogAsync(part))));

        Assert.Contains(logs, log => log.Log.Length > 0);
        Assert.Empty(
            from log in logs
            from secret in secrets
            where log.Log.Contains(secret.Value, StringComparison.Ordinal)
            select $"{log.part}: {secret.Key}");
    }

    [Fact]
    public async Task No_file_of_the_network_has_one_but_those_that_are_for_it()
    {
        var network = await fixture.Network;
        var secrets = (await network.SecretsAsync()).Select(secret => (secret.Key, Bytes: Encoding.UTF8.GetBytes(secret.Value))).ToList();

        Assert.Empty(
            from file in Directory.EnumerateFiles(network.Data, "*", SearchOption.AllDirectories)
            where !Kept.Contains(Path.GetFileName(file))
            let content = ReadBytes(file)
            from secret in secrets
            where content.AsSpan().IndexOf(secret.Bytes) >= 0
            select $"{file}: {secret.Key}");
    }

    [Fact]
    public async Task The_dashboard_hides_each_behind_its_eye()
    {
        var network = await fixture.Network;
        var secrets = await network.SecretsAsync();

        // The dashboard hides the values of all environment variables. The one-time sign-in link is meant to be seen.
        Assert.Empty(
            from part in network.Shown
            from shown in part.Shown.Properties.Where(property => !property.IsSensitive)
                .Select(property => (property.Name, Value: Text(property.Value)))
                .Concat(part.Shown.Urls.Select(url => (Name: "URL", Value: url.Url.Split("?link=")[0])))
            from secret in secrets
            where shown.Value.Contains(secret.Value, StringComparison.Ordinal)
            select $"{part.Resource.Name} {shown.Name}: {secret.Key}");
    }

    [Theory]
    [InlineData("node-exporter")]
    [InlineData("apache-exporter")]
    [InlineData("apache-log-exporter")]
    [InlineData("postgres-exporter")]
    [InlineData("blackbox-exporter")]
    [InlineData("pushgateway")]
    [InlineData("prometheus")]
    [InlineData("alertmanager")]
    [InlineData("rest-api")]
    [InlineData("web")]
    [InlineData("smoke")]
    public async Task Root_runs_each_part_as_a_user_of_its_own(string part)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can run something as another user.");
        var isService = part is "rest-api" or "web" or "smoke";
        Assert.SkipWhen(
            isService && !StateFolder.IsReadable(Repository.Combine("Promethoide.AppHost", "AppHost.cs")),
            "Other users cannot enter this checkout.");
        var process = (await fixture.Network).ProcessOf(part);
        if (isService)
        {
            process = int.Parse(Read($"/proc/{process}/task/{process}/children").Split(' ')[0], CultureInfo.InvariantCulture);
        }

        var status = Read($"/proc/{process}/status").Split('\n')
            .Select(line => line.Split('\t'))
            .Where(fields => fields.Length > 1)
            .ToDictionary(fields => fields[0], fields => fields[1..]);

        Assert.Equal(Enumerable.Repeat($"{OwnUser.Of(part)}", 4), status["Uid:"]);
        Assert.Equal(Enumerable.Repeat($"{OwnUser.Of(part)}", 4), status["Gid:"]);
        Assert.Equal(("", "0000000000000000", "1"), (status["Groups:"][0].Trim(), status["CapEff:"][0], status["NoNewPrivs:"][0]));
    }

    [Fact]
    public async Task No_two_parts_are_the_same_user()
    {
        var parts = (await fixture.Network).Shown.Select(part => part.Resource.Name).Append("grafana").Distinct().ToList();

        Assert.Equal(parts.Count, parts.Select(OwnUser.Of).Distinct().Count());
    }

    private static string Text(object? value) =>
        value is System.Collections.IEnumerable list and not string ? string.Join(' ', list.Cast<object?>().Select(Text)) : $"{value}";

    private static string Read(string file) => Encoding.UTF8.GetString(ReadBytes(file));

    private static byte[] ReadBytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (IOException)
        {
            // Deleted in the meantime.
            return [];
        }
    }
}
