using Promethoide.Network;
using Promethoide.Tests.Web;

namespace Promethoide.Tests.Deploy;

/// <summary>Work at the desk of the published network.</summary>
internal static class PublishedDesk
{
    public static async Task<DeskClient> OpenAsync(this PublishedNetwork network) =>
        await new DeskClient(network.Desk, "es", await network.Officers.CookiesAsync(Officers.Supervisor)).OpenAsync();

    /// <summary>Admits a traveller who may enter.</summary>
    public static async Task<(string Entry, string Dni)> AdmitAsync(this PublishedNetwork network)
    {
        using var officer = await network.OpenAsync();
        var dni = $"D{Random.Shared.NextInt64(10_000_000_000):D10}";
        await PressAsync(officer, "check-document", ("dni", dni));
        await PressAsync(officer, "check-flight", ("flight_number", "AA123"));
        await PressAsync(officer, "decide", ("name", "Ada"), ("lodging", "Hotel Arts"), ("declared_money", "1500"), ("stay_days", "3"));
        Assert.True(officer.Outcome == "admitted", $"{officer.Response.StatusCode} {officer.Outcome}\n{officer.Page}");
        return (officer.Entry!, dni);
    }

    /// <summary>What an API client sends for such a traveller.</summary>
    public static object Application(string dni) =>
        new { name = "Ada", dni, lodging = "Hotel Arts", declared_money = 1000, flight_number = "AA123" };

    // Retries, as the page suggests: on a busy machine, a service that has just started may be late once.
    private static async Task PressAsync(DeskClient officer, string button, params (string Field, string Text)[] typed)
    {
        await officer.PressAsync(button, typed);
        for (var i = 0; i < 2 && officer.Outcome == "unavailable"; i++)
        {
            await officer.PressAsync(button);
        }
    }
}
