using System.Diagnostics;
using System.Text.Json;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>
/// Apache with several instances of web and rest-api behind one name, with the script that looks up their addresses; only the name server
/// is a stub.
/// </summary>
public sealed class ApacheReplicasTests(ApacheUnderTest apache) : IClassFixture<ApacheUnderTest>, IAsyncLifetime
{
    private const string Api = "/api/x";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-replicas-").FullName;
    private readonly int _port = Loopback.FreePort();
    private readonly string _listen = $"127.0.0.1:{Loopback.FreePort()}";
    private BackEnd _first = null!;
    private BackEnd _second = null!;
    private RunningProgram _program = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_first, _second) = (new("first", "127.0.2.1", _port), new("second", "127.0.2.2", _port));
        await _first.StartAsync();
        await _second.StartAsync();
        await KnowAsync("127.0.2.1");
        await WriteProgramAsync("getent", $"sed 's/$/ STREAM desk/' {_folder}/addresses");
        await WriteProgramAsync(
            "httpd-foreground", $"exec /usr/sbin/apache2 -DFOREGROUND -d {Repository.Combine("Promethoide.Web", "Apache")} -f httpd.conf");
        _program = apache.StartBy(
            ["bash", Repository.Combine("Promethoide.Web", "Apache", "replicas.sh")],
            [
                ("APACHE_LISTEN", _listen), ("APACHE_STATUS_LISTEN", $"127.0.0.1:{Loopback.FreePort()}"),
                ("WEB_HTTP", $"http://web:{_port}"), ("REST_API_HTTP", $"http://rest-api:{_port}"),
                ("PATH", $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}"),
            ]);
        await _program.AnswersAsync($"http://{_listen}{Api}");
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_replica_that_is_new_gets_its_share_and_one_that_is_gone_gets_none_while_nobody_notices()
    {
        Assert.Equal(["first"], await AskManyAsync(Api));

        await KnowAsync("127.0.2.1", "127.0.2.2");
        await UntilAsync(Api, "first", "second");

        await KnowAsync("127.0.2.2");
        await UntilAsync(Api, "second");

        // While being recreated, it briefly has no address.
        await KnowAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal(["second"], await AskManyAsync(Api));
    }

    [Fact]
    public async Task A_replica_that_is_about_to_stop_gets_no_more_requests_until_it_serves_again()
    {
        await KnowAsync("127.0.2.1", "127.0.2.2");
        await UntilAsync(Api, "first", "second");

        _first.Leaves = true;
        await UntilAsync(Api, "second");

        _first.Leaves = false;
        await UntilAsync(Api, "first", "second");
    }

    // The limit is that of deploy/README.md: a second until the next check, three until it times out, and one more for a busy
    // machine.
    [Fact]
    public async Task A_replica_that_hangs_costs_each_client_one_answer_at_most_and_nothing_is_sent_twice_until_it_answers_again()
    {
        await KnowAsync("127.0.2.1", "127.0.2.2");
        await UntilAsync(Api, "first", "second");

        _first.Hangs = true;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        end.CancelAfter(TimeSpan.FromSeconds(10));
        var failed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FailuresAsync(end.Token)));
        Assert.All(failed, failures => Assert.InRange(failures.Count, 0, 1));
        Assert.All(failed.SelectMany(failures => failures), asked => Assert.InRange(asked, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        Assert.NotEmpty(_first.Posts);
        Assert.Distinct(_first.Posts.Concat(_second.Posts));

        _first.Hangs = false;
        await UntilAsync(Api, "first", "second");
    }

    [Fact]
    public async Task A_replica_that_hangs_stays_out_when_another_comes_and_serves_again_when_it_answers()
    {
        await KnowAsync("127.0.2.1", "127.0.2.2");
        await UntilAsync(Api, "first", "second");

        _first.Hangs = true;
        await DroppedAsync();

        await using var third = new BackEnd("third", "127.0.2.3", _port);
        await third.StartAsync();
        await KnowAsync("127.0.2.1", "127.0.2.2", "127.0.2.3");
        // A request sent to the hanging replica would fail here.
        await UntilAsync(Api, "second", "third");
        await UntilAsync("/entries", "second", "third");

        _first.Hangs = false;
        await UntilAsync(Api, "first", "second", "third");
    }

    [Fact]
    public async Task Each_replica_keeps_its_share_after_many_requests_at_once()
    {
        await KnowAsync("127.0.2.1", "127.0.2.2");
        await UntilAsync(Api, "first", "second");

        for (var round = 0; round < 5; round++)
        {
            await Parallel.ForAsync(
                0,
                4_000,
                new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation },
                async (_, cancellation) => await apache.Http.GetStringAsync($"http://{_listen}{Api}", cancellation));
            await UntilAsync(Api, "first", "second");
        }
    }

    [Fact]
    public async Task The_desk_and_the_delay_are_spread_too()
    {
        await KnowAsync("127.0.2.1", "127.0.2.2");

        await UntilAsync("/entries", "first", "second");
        await UntilAsync("/delay", "first", "second");
    }

    private Task<IReadOnlyList<string>> UntilAsync(string path, params string[] names) =>
        Eventually.GetAsync(() => AskManyAsync(path), seen => seen.SequenceEqual(names), seen => string.Join(' ', seen));

    // When each failed request was sent.
    private async Task<IReadOnlyList<TimeSpan>> FailuresAsync(CancellationToken end)
    {
        var (clock, failures) = (Stopwatch.StartNew(), new List<TimeSpan>());
        while (!end.IsCancellationRequested)
        {
            var asked = clock.Elapsed;
            using var answer = await apache.Http.PostAsync(new Uri($"http://{_listen}{Api}?{Guid.NewGuid()}"), content: null, Cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                failures.Add(asked);
            }

            await Task.Delay(10, Cancellation);
        }

        return failures;
    }

    // Requests may fail until then.
    private async Task DroppedAsync()
    {
        await Eventually.GetAsync(
            async () =>
            {
                for (var i = 0; i < 12; i++)
                {
                    using var answer = await apache.Http.GetAsync($"http://{_listen}{Api}", Cancellation);
                    using var page = await apache.Http.GetAsync($"http://{_listen}/entries", Cancellation);
                    if (!answer.IsSuccessStatusCode || !page.IsSuccessStatusCode)
                    {
                        return false;
                    }
                }

                return true;
            },
            dropped => dropped);
    }

    // The names of the replicas that respond.
    private async Task<IReadOnlyList<string>> AskManyAsync(string path)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 12; i++)
        {
            var answer = await apache.Http.GetStringAsync($"http://{_listen}{path}", Cancellation);
            names.Add(JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("name").GetString()!);
        }

        return [.. names];
    }

    private Task KnowAsync(params IEnumerable<string> addresses) =>
        File.WriteAllLinesAsync(Path.Combine(_folder, "addresses"), addresses, Cancellation);

    private async Task WriteProgramAsync(string name, string script)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, $"#!/bin/sh\n{script}\n", Cancellation);
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }
}
