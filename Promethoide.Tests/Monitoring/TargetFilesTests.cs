using System.Text.Json;
using Promethoide.Monitoring;

namespace Promethoide.Tests.Monitoring;

public sealed class TargetFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-targets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_job_gets_a_file_that_Prometheus_reads_with_the_logical_name_as_instance()
    {
        TargetFiles.Write(_folder, [new("rest-api", "rest-api", "127.0.0.1:9464"), new("web", "web", "127.0.0.1:9465")]);

        Assert.Equal(["rest-api.json", "web.json"], Files());
        var target = Assert.Single(Read("rest-api.json"));
        Assert.Equal("127.0.0.1:9464", target.GetProperty("targets")[0].GetString());
        Assert.Equal("rest-api", target.GetProperty("labels").GetProperty("instance").GetString());
    }

    [Fact]
    public void A_probe_asks_the_exporter_and_is_named_after_what_it_probes()
    {
        TargetFiles.Write(_folder, [ScrapeTarget.Probe("apache/delay", "http://127.0.0.1:8080/delay", "127.0.0.1:9115")]);

        var target = Assert.Single(Read("blackbox-exporter.json"));
        Assert.Equal("127.0.0.1:9115", target.GetProperty("targets")[0].GetString());
        Assert.Equal(
            """{"__metrics_path__":"/probe","__param_module":"http_2xx","__param_target":"http://127.0.0.1:8080"""
            + """/delay","instance":"apache/delay"}""",
            JsonSerializer.Serialize(target.GetProperty("labels")
                .EnumerateObject()
                .OrderBy(label => label.Name)
                .ToDictionary(label => label.Name, label => label.Value.GetString())));
    }

    [Fact]
    public void A_job_that_is_no_longer_watched_loses_its_file()
    {
        TargetFiles.Write(_folder, [new("grafana", "grafana", "127.0.0.1:3000"), new("web", "web", "127.0.0.1:9465")]);
        TargetFiles.Write(_folder, [new("web", "web", "127.0.0.1:9466")]);

        Assert.Equal(["web.json"], Files());
        Assert.Equal("127.0.0.1:9466", Assert.Single(Read("web.json")).GetProperty("targets")[0].GetString());
    }

    [Fact]
    public void Two_targets_of_a_job_with_one_name_are_refused_since_their_series_would_overwrite_each_other()
    {
        var e = Assert.Throws<ArgumentException>(() => TargetFiles.Write(_folder, [new("web", "web", "a:1"), new("web", "web", "b:1")]));

        Assert.Contains("Job web has 2 targets with the instance 'web'", e.Message, StringComparison.Ordinal);
    }

    private string[] Files() => [.. Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)).Order()];

    private JsonElement[] Read(string file) => JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(Path.Combine(_folder, file)))!;
}
