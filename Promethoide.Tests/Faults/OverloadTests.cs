using Promethoide.Network;

namespace Promethoide.Tests.Faults;

[Collection("Faults")]
public sealed class OverloadTests(FaultNetwork faults)
{
    [Fact]
    public async Task Whoever_asks_too_much_is_told_so_and_an_officer_works_on()
    {
        var network = await faults.Network;
        using var officer = await network.Officers.ClientAsync(Officers.Ordinary);

        await Overload.RunAsync("Overload", network.Desk, officer, (await network.Officers.OfAsync(Officers.Supervisor)).Token);
    }
}
