using System.Diagnostics;
using System.Net;

namespace Promethoide.Tests.Web;

/// <summary>The desk while the API, or what is behind it, is away.</summary>
public sealed class UnavailableApiTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>, IDisposable
{
    public static TheoryData<Fault> Faults => [Fault.DatabaseUnavailable, Fault.Hanging, Fault.SomebodyElse];

    private static string NewDni => $"U{Random.Shared.Next(1_000_000_000):D9}";

    public void Dispose() => desk.Api.Fault = Fault.None;

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_first_step_keeps_what_was_typed_and_can_be_retried(Fault fault)
    {
        using var officer = desk.Officer();
        var dni = NewDni;
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
        using var officer = desk.Officer();
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", NewDni));

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
        using var officer = desk.Officer();
        await (await officer.OpenAsync()).ToStayAsync(NewDni);
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
        using var officer = desk.Officer();

        await FailAsync(Fault.DatabaseUnavailable, () => officer.OpenAsync(path));

        Assert.Equal(("unavailable", HttpStatusCode.ServiceUnavailable), (officer.Outcome, officer.Response.StatusCode));
    }

    [Fact]
    public async Task An_entry_that_was_stored_although_no_answer_came_is_what_the_retry_shows()
    {
        using var officer = desk.Officer();
        await (await officer.OpenAsync()).ToStayAsync(NewDni);

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
        using var officer = desk.Officer();
        var dni = NewDni;
        await (await (await officer.OpenAsync()).ToStayAsync(dni)).DecideAsync();
        await (await officer.OpenAsync()).ToStayAsync(dni);

        await FailAsync(Fault.Slow, () => officer.DecideAsync());

        Assert.Equal("unavailable", officer.Outcome);
    }

    [Theory]
    [InlineData("/entries")]
    [InlineData("/refusals")]
    public async Task A_list_says_that_it_is_away_and_comes_back(string path)
    {
        using var officer = desk.Officer();

        await FailAsync(Fault.DatabaseUnavailable, () => officer.OpenAsync(path));
        Assert.Equal("unavailable", officer.Outcome);

        await officer.PressAsync("search");
        Assert.Null(officer.Outcome);
    }

    [Fact]
    public async Task The_web_is_ready_and_opens_without_the_API()
    {
        desk.Api.Fault = Fault.DatabaseUnavailable;
        using var http = new HttpClient();
        using var officer = desk.Officer();

        Assert.True((await http.GetAsync($"{desk.OpsAddress}/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        Assert.NotNull((await officer.OpenAsync()).Value("dni"));
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
