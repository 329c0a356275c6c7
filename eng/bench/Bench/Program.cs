using System.CommandLine;
using Promethoide.Bench;
using Promethoide.Network;

var rounds = new Option<int>("--rounds")
{
    Description = "Rounds of each comparison; figures are medians over them.",
    DefaultValueFactory = _ => 5,
};
var seconds = new Option<int>("--seconds") { Description = "Length of a round.", DefaultValueFactory = _ => 5 };

var api = new Command("api", "The REST API against a bare endpoint that makes the same queries with Npgsql and nothing else.")
{
    rounds,
    seconds,
};
api.SetAction(async (parsed, _) =>
{
    await using var servers = await Servers.StartAsync();
    await new ApiBench(servers, parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds))).RunAsync();
});

var dashboards = new Command(
    "dashboards",
    "The queries of each Grafana dashboard, on Prometheus with six hours of the network's series. "
    + "Exit code 1 when one takes more than 1 s.")
{
    rounds,
};
dashboards.SetAction((parsed, _) => new DashboardBench(parsed.GetValue(rounds)).RunAsync());

var walks = new Option<int>("--walks") { Description = "Travellers that are decided on.", DefaultValueFactory = _ => 500 };
var web = new Command("web", "The desk through Apache: the time of each step, and what the first view transfers.") { walks };
web.SetAction(async (parsed, _) =>
{
    await using var desk = await DeskNetwork.StartAsync();
    return await new WebBench(new(desk.Url("apache")), await desk.Officers.CookiesAsync(Officers.Ordinary), parsed.GetValue(walks))
        .RunAsync();
});

try
{
    return await new RootCommand("Measures Promethoide on this machine.") { api, web, dashboards }.Parse(args)
        .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
