using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Promethoide.Network;
using Promethoide.Tests.Faults;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;
using Xunit.v3;

namespace Promethoide.Tests.Deploy;

/// <summary>The published network with several replicas of rest-api and web. Each test depends on the previous one.</summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
[Collection("Containers")]
public sealed class ReplicasTests(PublishedNetwork network)
{
    // What deploy/README.md says about a replica that hangs: one second until the next check, then three (web: four) until it times out.
    private static readonly TimeSpan Dropped = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scale_from_one_to_three_and_back_fails_no_request()
    {
        await network.RunningAsync();
        using var officer = await network.Officers.ClientAsync(Officers.Supervisor);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = Enumerable.Range(0, 4).Select(_ => AskUntilAsync(officer, end.Token)).ToList();

        await ScaleAsync(3);
        await SpreadsAsync();
        await ScaleAsync(1);
        await Task.Delay(Dropped, Cancellation);

        await end.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(answers => answers).ToList();
        AreGood(answers);
        Assert.InRange(answers.Count, 100, int.MaxValue);
    }

    [Fact]
    public async Task With_replicas_Apache_spreads_over_them_and_each_is_a_target_of_its_own()
    {
        await network.RunningAsync();
        await ScaleAsync(3);

        await SpreadsAsync();

        string[] names =
        [
            .. (await network.ReplicasAsync("rest-api")).Select(replica => $"rest-api rest-api-{replica.Address}"),
            .. (await network.ReplicasAsync("web")).Select(replica => $"web web-{replica.Address}"),
        ];
        await Eventually.GetAsync(
            () => network.QueryAsync("up{job=~'rest-api|web'} == 1"),
            up => up.Keys.Order().SequenceEqual(names.Order()),
            PublishedNetwork.Text);
        // Two paths for each of the three, and two for the service's name.
        await Eventually.GetAsync(
            () => network.QueryAsync("probe_success{instance=~'rest-api.*'} == 1"), probes => probes.Count == 8, PublishedNetwork.Text);
    }

    [Fact]
    public async Task What_one_web_protects_any_other_takes()
    {
        await network.RunningAsync();
        var before = await PostsAsync();

        for (var i = 0; i < 6; i++)
        {
            await network.AdmitAsync();
        }

        Assert.All(before.Zip(await PostsAsync()), posts => Assert.True(posts.First < posts.Second, $"{posts}"));

        async Task<IReadOnlyList<double>> PostsAsync() =>
            await Task.WhenAll((await network.ReplicasAsync("web"))
                .Select(web => network.AnsweredAsync(web.Address, 9465, "http_request_method=\"POST\"")));
    }

    [Fact]
    public async Task Each_web_asks_every_API()
    {
        await network.RunningAsync();
        var before = await DecisionsAsync();

        // Each web has its own connections, to whichever API replicas it reached.
        await Eventually.GetAsync(
            async () =>
            {
                await network.AdmitAsync();
                return await DecisionsAsync();
            },
            after => before.Zip(after).All(decisions => decisions.First < decisions.Second),
            after => string.Join(", ", after));

        async Task<IReadOnlyList<double>> DecisionsAsync() =>
            await Task.WhenAll((await network.ReplicasAsync("rest-api"))
                .Select(api => network.AnsweredAsync(api.Address, 9464, "http_route=\"/immigration/\"")));
    }

    [Fact]
    public async Task Who_signed_in_at_one_replica_works_at_every_other_and_is_out_at_all_of_them_after_signing_out()
    {
        await network.RunningAsync();
        var apis = await network.ReplicasAsync("rest-api");
        Assert.Equal(3, apis.Count);
        var (name, password, _) = await network.Officers.AddAsync(Officers.Ordinary, $"o{Random.Shared.Next(1_000_000)}");
        using var http = new HttpClient();
        var signedIn = await AskAsync(apis[1].Address, HttpMethod.Post, "/sessions", token: null, new { user_name = name, password });
        Assert.Equal(HttpStatusCode.Created, signedIn.StatusCode);
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("token").GetString()!;

        foreach (var (_, address) in apis)
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(address, HttpMethod.Get, "/flights/AA123", token)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(apis[2].Address, HttpMethod.Delete, "/sessions/current", token)).StatusCode);
        await Eventually.GetAsync(
            () => Task.WhenAll(apis.Select(async api => (await AskAsync(api.Address, HttpMethod.Get, "/flights/AA123", token)).StatusCode)),
            statuses => statuses.All(status => status == HttpStatusCode.Unauthorized), statuses => string.Join(' ', statuses));

        async Task<HttpResponseMessage> AskAsync(string address, HttpMethod method, string path, string? token, object? content = null)
        {
            // Bypasses Apache, which would choose the replica.
            using var request = new HttpRequestMessage(method, $"http://{address}:8080{path}")
            {
                Content = content is null ? null : JsonContent.Create(content),
            };
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            return await http.SendAsync(request, Cancellation);
        }
    }

    [Fact]
    public async Task A_dead_replica_costs_no_request_and_is_used_again_when_it_returns()
    {
        await network.RunningAsync();
        string[] dead = [(await network.ReplicasAsync("rest-api"))[1].Id, (await network.ReplicasAsync("web"))[2].Id];
        foreach (var container in dead)
        {
            await Tool.MustRunAsync("docker", ["kill", container]);
        }

        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation)).StatusCode);
        }

        for (var i = 0; i < 6; i++)
        {
            await network.AdmitAsync();
        }

        // It no longer has an address, so it is no longer a target.
        await Eventually.GetAsync(
            () => network.QueryAsync("count by (job) (up{job=~'rest-api|web'})"),
            up => up.Values.SequenceEqual([2, 2]),
            PublishedNetwork.Text);

        foreach (var container in dead)
        {
            await Tool.MustRunAsync("docker", ["start", container]);
        }

        await network.UpAsync();
        await SpreadsAsync();
    }

    [Fact]
    public async Task A_rolling_restart_fails_no_request()
    {
        await network.RunningAsync();
        await ScaleAsync(3);
        using var officer = await network.Officers.ClientAsync(Officers.Supervisor);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = Enumerable.Range(0, 4).Select(_ => AskUntilAsync(officer, end.Token)).ToList();

        string[] replicas =
        [
            .. (await network.ReplicasAsync("rest-api")).Concat(await network.ReplicasAsync("web")).Select(replica => replica.Id),
        ];
        foreach (var replica in replicas)
        {
            await Tool.MustRunAsync("docker", ["restart", "--time", "60", replica]);
            await network.UpAsync();
        }

        await end.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(answers => answers).ToList();
        FaultReport.Add(
            "Rolling restart", $"of {replicas.Length} replicas: requests, of which failed", $"{answers.Count}, {answers.Count(IsFailure)}");
        AreGood(answers);
        Assert.InRange(answers.Count, 100, int.MaxValue);
    }

    [Fact]
    public async Task A_replica_that_hangs_costs_each_client_one_answer_at_most_and_gets_no_request_after_some_seconds()
    {
        await network.RunningAsync();
        await ScaleAsync(3);
        var hangs = (await network.ReplicasAsync("rest-api"))[0];
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Tool.MustRunAsync("docker", ["pause", hangs.Id]);
        try
        {
            var clients = Enumerable.Range(0, 4).Select(_ => AskUntilAsync(http, end.Token)).ToList();
            await Task.Delay(Dropped + TimeSpan.FromSeconds(3), Cancellation);
            await end.CancelAsync();

            var failed = (await Task.WhenAll(clients)).Select(answers => answers.Where(IsFailure).ToList()).ToList();
            var last = failed.SelectMany(answers => answers).Select(answer => answer.Asked).DefaultIfEmpty().Max();
            FaultReport.Add(
                "A replica hangs", "answers that failed, by client", string.Join(", ", failed.Select(answers => answers.Count)));
            FaultReport.Add("A replica hangs", "the last request that went to it, after", $"{last.TotalSeconds:0.0} s");
            Assert.All(failed, answers => Assert.InRange(answers.Count, 0, 1));
            Assert.InRange(last, TimeSpan.Zero, Dropped);
        }
        finally
        {
            await Tool.MustRunAsync("docker", ["unpause", hangs.Id]);
            await ScaleAsync(1);
        }
    }

    private async Task SpreadsAsync()
    {
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        var before = await FlightsAsync();

        // A replica that was down is retried every few seconds.
        await Eventually.GetAsync(
            async () =>
            {
                for (var i = 0; i < 12; i++)
                {
                    Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation)).StatusCode);
                }

                return await FlightsAsync();
            },
            after => before.Zip(after).All(flights => flights.First < flights.Second),
            after => string.Join(", ", after));

        async Task<IReadOnlyList<double>> FlightsAsync() =>
            await Task.WhenAll((await network.ReplicasAsync("rest-api"))
                .Select(api => network.AnsweredAsync(api.Address, 9464, "http_route=\"/flights/{flight_number}\"")));
    }

    private async Task ScaleAsync(int replicas)
    {
        await network.SetAsync("REST_API_REPLICAS", $"{replicas}");
        await network.SetAsync("WEB_REPLICAS", $"{replicas}");
        await network.UpAsync();
    }

    // Alternates look-ups and decisions; returns each answer and when it was requested.
    private async Task<IReadOnlyList<(string Answer, TimeSpan Asked)>> AskUntilAsync(HttpClient http, CancellationToken end)
    {
        var clock = Stopwatch.StartNew();
        var answers = new List<(string, TimeSpan)>();
        while (!end.IsCancellationRequested)
        {
            var asked = clock.Elapsed;
            using var flight = await http.GetAsync($"{network.Desk}/api/flights/AA123", Cancellation);
            answers.Add((await AnswerAsync(flight), asked));
            asked = clock.Elapsed;
            using var decision = await http.PostAsJsonAsync(
                $"{network.Desk}/api/immigration",
                PublishedDesk.Application($"S{Random.Shared.NextInt64(10_000_000_000):D10}"),
                Cancellation);
            answers.Add((await AnswerAsync(decision), asked));
            await Task.Delay(20, Cancellation);
        }

        return answers;
    }

    private static void AreGood(IEnumerable<(string Answer, TimeSpan Asked)> answers)
    {
        var failed = answers.Where(IsFailure).ToList();
        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    // Which part refused the request, and why.
    private static async Task<string> AnswerAsync(HttpResponseMessage answer)
    {
        var text = $"{answer.RequestMessage!.Method} {(int)answer.StatusCode}";
        return answer.IsSuccessStatusCode ? text : $"{text} {await answer.Content.ReadAsStringAsync(Cancellation)}";
    }

    private static bool IsFailure((string Answer, TimeSpan Asked) answer) => answer.Answer is not ("GET 200" or "POST 201");
}
