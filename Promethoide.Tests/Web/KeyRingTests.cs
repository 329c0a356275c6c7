using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>Keys that operators create and the desk only reads, as on several nodes.</summary>
public sealed class KeyRingTests : IDisposable
{
    private static readonly Dictionary<string, string> ReadOnly = new() { ["DataProtection__GenerateKeys"] = "false" };

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whoever_signed_in_at_one_desk_is_known_at_another_that_was_given_the_same_key()
    {
        await using var api = await StubApi.StartAsync();
        await using var first = await RunningDesk.StartAsync([api.Address], await MountAsync("first", await MakeAsync()), ReadOnly);
        await using var second = await RunningDesk.StartAsync([api.Address], Path.Combine(_folder, "first"), ReadOnly);
        var cookies = new CookieContainer();
        using var officer = first.Nobody(cookies: cookies);
        await officer.SignInAsync(api.NewOfficer());

        using var elsewhere = second.Nobody(cookies: cookies);
        await elsewhere.OpenAsync("/entries");

        Assert.Equal("/entries", elsewhere.Path);
    }

    // Where the desk generates keys, it adds one if none is valid today.
    [Theory]
    [InlineData("false", 1)]
    [InlineData("true", 2)]
    public async Task A_desk_that_only_reads_keys_uses_what_there_is_and_makes_none(string generates, int keys)
    {
        var folder = await MountAsync("later", await MakeAsync("--after", "2"));
        await using var api = await StubApi.StartAsync();
        await using var desk = await RunningDesk.StartAsync(
            [api.Address], folder, new Dictionary<string, string> { ["DataProtection__GenerateKeys"] = generates });

        using var officer = await desk.SignedInAsync(api.NewOfficer());

        Assert.Equal(keys, Directory.GetFiles(folder, "*.xml").Length);
    }

    [Fact]
    public async Task A_key_for_later_changes_nothing_until_then()
    {
        var (now, later) = (await MakeAsync(), await MakeAsync("--after", "2"));
        await using var api = await StubApi.StartAsync();
        await using var before = await RunningDesk.StartAsync([api.Address], await MountAsync("before", now), ReadOnly);
        await using var after = await RunningDesk.StartAsync([api.Address], await MountAsync("after", later, now), ReadOnly);
        var cookies = new CookieContainer();
        using var officer = after.Nobody(cookies: cookies);
        await officer.SignInAsync(api.NewOfficer());

        // A replica that does not have the new key yet.
        using var elsewhere = before.Nobody(cookies: cookies);
        await elsewhere.OpenAsync("/entries");

        Assert.Equal("/entries", elsewhere.Path);
    }

    [Theory]
    [InlineData("", 0, 365)]
    [InlineData("--days 90", 0, 90)]
    [InlineData("--days 30 --after 2", 2, 32)]
    public async Task It_is_used_from_when_and_as_long_as_it_is_told(string options, int from, int until)
    {
        var key = XElement.Parse(await MakeAsync(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(from, DaysTo(key.Element("activationDate")!), 0.01);
        Assert.Equal(until, DaysTo(key.Element("expirationDate")!), 0.01);
    }

    [Theory]
    [InlineData("keys new --days 0", "--days has to be from 1 to 3650.")]
    [InlineData("keys new --after -1", "--after has to be from 0 to 3650.")]
    [InlineData("keys", "Required command was not provided.")]
    public async Task What_makes_no_key_is_named(string arguments, string why)
    {
        var result = await Tool.RunAsync("dotnet", [Repository.Assembly("Promethoide.Web"), .. arguments.Split(' ')]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("<key", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_the_desk_does_not_start_and_says_how_to_make_one()
    {
        var result = await Tool.RunAsync(
            "dotnet", [Repository.Assembly("Promethoide.Web")],
            [
                new("DataProtection__GenerateKeys", "false"),
                new("DataProtection__KeysDirectory", _folder),
                new("ASPNETCORE_URLS", $"http://127.0.0.1:{Loopback.FreePort()}"),
            ]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(
            $"'{_folder}', has no key: make one with `dotnet Promethoide.Web.dll keys new`",
            result.Output + result.Error,
            StringComparison.Ordinal);
    }

    private static double DaysTo(XElement date) =>
        (DateTimeOffset.Parse(date.Value, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow).TotalDays;

    private static Task<string> MakeAsync(params string[] options) =>
        Tool.MustRunAsync("dotnet", [Repository.Assembly("Promethoide.Web"), "keys", "new", .. options]);

    // As Kubernetes mounts a Secret: each file is a link into a folder that is itself a link, and everything is read-only.
    private async Task<string> MountAsync(string name, params string[] keys)
    {
        var mount = Path.Combine(_folder, name);
        var data = Directory.CreateDirectory(Path.Combine(mount, "..2026")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..2026");
        foreach (var (index, key) in keys.Index())
        {
            await File.WriteAllTextAsync(Path.Combine(data, $"key-{index}.xml"), key);
            File.CreateSymbolicLink(Path.Combine(mount, $"key-{index}.xml"), Path.Combine("..data", $"key-{index}.xml"));
        }

        return mount;
    }
}
