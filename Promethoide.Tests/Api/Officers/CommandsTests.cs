using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>The administrators' commands, run as the API's role beside a running API.</summary>
[Collection("Api")]
public sealed partial class CommandsTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task An_officer_is_added_locked_unlocked_reset_and_removed()
    {
        var added = await MustAsync("users", "add", "Cli.Officer", "--role", "supervisor");
        var first = Password().Match(added).Value;
        (await (await fixture.SignInAsync("cli.officer", first)).GetAsync("/hits"))
            .IsProblem(System.Net.HttpStatusCode.Forbidden, "password-change-required");
        Assert.Matches("cli.officer +supervisor +has a first password +last seen", await MustAsync("users", "list"));

        await MustAsync("users", "lock", "cli.officer");
        Assert.Matches("cli.officer +supervisor +locked", await MustAsync("users", "list"));
        await MustAsync("users", "unlock", "cli.officer");
        await fixture.SignInAsync("cli.officer", first);

        var second = Password().Match(await MustAsync("users", "reset", "cli.officer")).Value;
        Assert.NotEqual(first, second);
        await fixture.SignInAsync("cli.officer", second);

        await MustAsync("users", "remove", "cli.officer");
        Assert.DoesNotContain("cli.officer", await MustAsync("users", "list"), StringComparison.Ordinal);
        Assert.Equal(
            ["officer-added", "officer-locked", "officer-unlocked", "officer-reset", "officer-removed"],
            await fixture.Database.ReadAsync<string[]>(
                "SELECT ARRAY(SELECT action FROM audit WHERE actor = 'command line' AND subject = 'cli.officer' ORDER BY id)"));
    }

    [Fact]
    public async Task A_key_is_shown_once_is_good_for_its_scopes_and_ends_when_it_is_revoked()
    {
        var key = Key().Match(await MustAsync("keys", "add", "cli-key", "--scope", "look-up", "decide", "--days", "30")).Value;
        var service = fixture.Nobody.As(key);
        Assert.Equal(200, (int)(await service.GetAsync("/flights/AA123")).Status);
        Assert.Equal(403, (int)(await service.GetAsync("/refusals")).Status);
        var listed = await MustAsync("keys", "list");
        Assert.Matches("cli-key +look-up decide +until ", listed);
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);

        await MustAsync("keys", "revoke", "cli-key");

        Assert.Equal(401, (int)(await service.GetAsync("/flights/AA123")).Status);
        Assert.Matches("cli-key +look-up decide +revoked ", await MustAsync("keys", "list"));
    }

    [Theory]
    [InlineData("users lock nobody-of-this-name", 1, "no officer nobody-of-this-name")]
    [InlineData("users add supervisor", 1, "an officer supervisor already")]
    [InlineData("users add", 2, "See --help")]
    [InlineData("users add -x", 1, "begin with a letter or digit")]
    [InlineData("users add Ünsal", 1, "Use 1 to 64 of")]
    [InlineData("users add ada --role king", 2, "king")]
    [InlineData("users", 2, "")]
    [InlineData("keys add x", 2, "--scope")]
    [InlineData("keys add x --scope everything", 2, "everything")]
    [InlineData("keys add x --scope read --days 0", 2, "1 to 3650")]
    [InlineData("keys add tests --scope read", 1, "take another name")]
    [InlineData("keys revoke nobody", 1, "no key nobody")]
    public async Task What_cannot_be_done_is_told_in_a_sentence(string line, int exitCode, string says)
    {
        var result = await RunAsync(fixture.Database.AsApi, line.Split(' '));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_in_a_sentence()
    {
        var result = await RunAsync("Host=127.0.0.1;Port=1;Username=x;Password=secret-of-mine;Database=x", "users", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the database cannot be used", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-mine", result.Output + result.Error, StringComparison.Ordinal);
    }

    private static Task<ToolResult> RunAsync(string connectionString, params IEnumerable<string> arguments) => Tool.RunAsync(
        "dotnet",
        [Repository.Assembly("Promethoide.Api"), .. arguments],
        new Dictionary<string, string?> { ["ConnectionStrings__promethoide"] = connectionString });

    private async Task<string> MustAsync(params string[] arguments)
    {
        var result = await RunAsync(fixture.Database.AsApi, arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    [GeneratedRegex("[a-z2-9]{4}(-[a-z2-9]{4}){3}")]
    private static partial Regex Password();

    [GeneratedRegex("pmk_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
