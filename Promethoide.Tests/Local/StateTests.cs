using System.Net;
using System.Net.Sockets;
using Promethoide.Local;
using Promethoide.Local.State;

namespace Promethoide.Tests.Local;

public sealed class StateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-state-").FullName;

    public StateTests() => File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_data_folder_serves_one_network_at_a_time()
    {
        using (Open())
        {
            Assert.Contains($"already runs with the data in {_folder}", Assert.Throws<UserException>(Open).Message, StringComparison.Ordinal);
        }

        Open().Dispose();
    }

    [Fact]
    public void A_data_folder_that_cannot_be_used_is_named_and_the_option_too()
    {
        var e = Assert.Throws<UserException>(() => StateFolder.Open("/proc/promethoide", Checkout.Find()));

        Assert.Contains("/proc/promethoide", e.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ephemeral_network_leaves_nothing_and_one_that_was_killed_is_found_by_the_next()
    {
        var checkout = Checkout.Find();
        using var alive = StateFolder.OpenEphemeral(checkout);
        var killed = Path.Combine(Path.GetDirectoryName(alive.Root)!, "1-dead");
        Directory.CreateDirectory(killed);
        File.WriteAllText(Path.Combine(killed, "lock"), "");

        foreach (var abandoned in StateFolder.OpenAbandoned(checkout))
        {
            abandoned.Dispose();
        }

        Assert.False(Directory.Exists(killed));
        Assert.True(Directory.Exists(alive.Root));
        alive.Dispose();
        Assert.False(Directory.Exists(alive.Root));
    }

    [Fact]
    public void Reset_refuses_a_folder_that_is_no_network_of_ours()
    {
        File.WriteAllText(Path.Combine(_folder, "thesis.txt"), "mine");

        Assert.Throws<UserException>(() => StateFolder.Delete(_folder, Checkout.Find()));

        Assert.True(File.Exists(Path.Combine(_folder, "thesis.txt")));
    }

    [Fact]
    public void Passwords_are_generated_once_and_readable_by_their_owner_only()
    {
        using var state = Open();

        var first = new Secrets(state).Keep("promethoide_api");

        Assert.Equal(24, first.Length);
        Assert.Equal(first, new Secrets(state).Keep("promethoide_api"));
        Assert.NotEqual(first, new Secrets(state).Keep("promethoide_monitor"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state.Combine("secrets.json")));
    }

    [Fact]
    public void A_port_in_use_is_named_with_its_component_its_owner_and_the_way_out()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var e = Assert.Throws<UserException>(() => Ports.Choose($"auto,web={port}", null).EnsureFree(["web", "apache"]));

        Assert.StartsWith($"port {port} for web is in use by ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", e.Message, StringComparison.Ordinal);
        Assert.Contains("--ports auto", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("apache", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wep=1")]
    [InlineData("web=70000")]
    [InlineData("web")]
    public void A_port_choice_that_cannot_be_understood_is_quoted(string choice) =>
        Assert.Contains($"--ports has '{choice}'", Assert.Throws<UserException>(() => Ports.Choose(choice, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_port_for_two_components_is_refused() =>
        Assert.Contains("Port 8080 is chosen for web and apache", Assert.Throws<UserException>(() => Ports.Choose("web=8080", null).EnsureFree(["web", "apache"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_choice_the_ports_are_the_originals() =>
        Assert.Equal((8080, 9090, 5001, 9187), (Default["apache"], Default["prometheus"], Default["rest-api"], Default["postgres-exporter"]));

    private static Ports Default => Ports.Choose(null, null);

    private StateFolder Open() => StateFolder.Open(_folder, Checkout.Find());
}
