using System.Diagnostics;
using System.Net;
using Promethoide.Tests.Api;

namespace Promethoide.Tests.Web;

/// <summary>The desk while the API, or a service behind it, is down.</summary>
public sealed class UnavailableApiTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>, IDisposable
{
    public static TheoryData<Fault> Faults => [Fault.DatabaseUnavailable, Fault.Hanging, Fault.SomebodyElse];

    public void Dispose() => desk.Api.Fault = Fault.None;

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_first_step_keeps_what_was_typed_and_can_be_retried(Fault fault)
    {
        using var officer = await desk.OfficerAsync();
        var dni = Travellers.NewDni();
        await officer.OpenAsync();

        await FailAsync(fault, () => officer.PressAsync("check-document", ("dni", dni)));
        Assert.Equal(("unavailable", dni), (officer.Outcome, officer.Value("dni")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, officer.Response.StatusCode);

        await officer.PressAsync("check-document");
        Assert.NotNull(officer.Value("flight_number"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_second_step_keeps_what_was_typed_and_can_be_retried(Fault fault)
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", Travellers.NewDni()));

        await FailAsync(fault, () => officer.PressAsync("check-flight", ("flight_number", "aa123")));
        Assert.Equal(("unavailable", "aa123"), (officer.Outcome, officer.Value("flight_number")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, officer.Response.StatusCode);

        await officer.PressAsync("check-flight");
        Assert.NotNull(officer.Value("name"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_decision_is_asked_for_once_keeps_what_was_typed_and_can_be_retried(Fault fault)
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        var posts = Posts();

        await FailAsync(fault, () => officer.DecideAsync("1.234,5"));
        Assert.Equal(("unavailable", "Zoë O'Núñez", "1.234,5"), (officer.Outcome, officer.Value("name"), officer.Value("declared_money")));
        Assert.Equal(posts + 1, Posts());

        await officer.PressAsync("decide");
        Assert.Equal("admitted", officer.Outcome);
    }

    [Theory]
    [InlineData("/entries")]
    [InlineData("/refusals")]
    public async Task A_list_that_cannot_be_read_says_so_to_the_officer_and_by_its_status_to_the_objectives(string path)
    {
        using var officer = await desk.SupervisorAsync();

        await FailAsync(Fault.DatabaseUnavailable, () => officer.OpenAsync(path));

        Assert.Equal(("unavailable", HttpStatusCode.ServiceUnavailable), (officer.Outcome, officer.Response.StatusCode));
    }

    [Fact]
    public async Task An_entry_that_was_stored_although_no_answer_came_is_what_the_retry_shows()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());

        await FailAsync(Fault.BreakingAfterStoring, () => officer.DecideAsync());
        Assert.Equal("unavailable", officer.Outcome);
        var entries = desk.Api.Entries;
        await officer.PressAsync("decide");

        Assert.Equal(("admitted", $"{entries}"), (officer.Outcome, officer.Entry));
        Assert.Equal(entries, desk.Api.Entries);
    }

    [Fact]
    public async Task The_calls_of_one_page_share_its_time()
    {
        using var officer = await desk.SupervisorAsync();
        await officer.OpenAsync("/officers");

        await FailAsync(Fault.Slow, () => officer.PressAsync($"unlock:{StubApi.Officer}"));

        Assert.Equal("unavailable", officer.Outcome);
    }

    [Theory]
    [InlineData("/entries")]
    [InlineData("/refusals")]
    public async Task A_list_says_that_it_is_away_and_comes_back(string path)
    {
        using var officer = await desk.SupervisorAsync();

        await FailAsync(Fault.DatabaseUnavailable, () => officer.OpenAsync(path));
        Assert.Equal("unavailable", officer.Outcome);

        await officer.FollowAsync("retry");
        Assert.Equal(path, officer.Path);
        Assert.Null(officer.Outcome);
    }

    [Fact]
    public async Task The_web_is_ready_and_opens_without_the_API()
    {
        using var officer = await desk.OfficerAsync();
        desk.Api.Fault = Fault.DatabaseUnavailable;
        using var http = new HttpClient();

        Assert.True((await http.GetAsync($"{desk.OpsAddress}/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        Assert.NotNull((await officer.OpenAsync()).Value("dni"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Nobody_signs_in_without_the_API_and_the_page_says_why_and_keeps_the_name(Fault fault)
    {
        using var officer = desk.Nobody();
        await officer.OpenAsync();

        await FailAsync(fault, () => officer.SignInAsync(StubApi.Officer));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "Unavailable", StubApi.Officer),
            (officer.Response.StatusCode, officer.Notice, officer.Value("user_name")));
        Assert.False(officer.HasSession);

        await officer.SignInAsync(StubApi.Officer);
        Assert.NotNull(officer.Value("dni"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_officer_stays_signed_in_while_the_API_is_away(Fault fault)
    {
        using var officer = await desk.SignedInAsync(desk.Api.NewOfficer());
        // A replica has not checked the session yet.
        await using var replica = await desk.StartReplicaAsync();
        using var there = replica.Nobody(cookies: officer.Cookies);
        using var somebody = await replica.SignedInAsync(StubApi.Officer);

        await FailAsync(fault, () => there.OpenAsync());

        Assert.NotNull(there.Value("dni"));
        Assert.True(there.HasSession);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_pages_of_account_and_officers_say_that_the_API_is_away(Fault fault)
    {
        using var supervisor = await desk.SupervisorAsync();

        await FailAsync(fault, () => supervisor.OpenAsync("/officers"));
        Assert.Equal(("unavailable", HttpStatusCode.ServiceUnavailable), (supervisor.Outcome, supervisor.Response.StatusCode));
        await supervisor.OpenAsync("/account");
        await FailAsync(
            fault,
            () => supervisor.PressAsync(
                "change-password", ("current_password", StubApi.Password), ("new_password", "another sentence, quite new")));
        Assert.Equal(("unavailable", HttpStatusCode.ServiceUnavailable), (supervisor.Outcome, supervisor.Response.StatusCode));
        await FailAsync(fault, () => supervisor.PressElsewhereAsync("sign-out-everywhere"));
        Assert.Equal(("unavailable", HttpStatusCode.ServiceUnavailable), (supervisor.Outcome, supervisor.Response.StatusCode));
    }

    private async Task FailAsync(Fault fault, Func<Task> act)
    {
        desk.Api.Fault = fault;
        var clock = Stopwatch.StartNew();
        await act();
        desk.Api.Fault = Fault.None;
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(6), $"The officer waited {clock.Elapsed.TotalSeconds:0.0} s.");
    }

    private int Posts() => desk.Api.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal));
}
