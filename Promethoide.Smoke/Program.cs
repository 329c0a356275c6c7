using System.CommandLine;
using Promethoide.ServiceDefaults;
using Promethoide.Smoke;

var once = new Option<bool>("--once") { Description = "Walk once, print what happened, and exit: 0 when everything worked, else 1." };
var target = new Option<string?>("--target")
{
    Description = "Where the network's front is; default: the setting Smoke:Target, http://localhost:8080.",
};
var pushgateway = new Option<string?>("--pushgateway")
{
    Description = "With --once: the Pushgateway that is told the result, for example http://localhost:9091.",
};

var command = new RootCommand(
    "The synthetic officer: walks the whole way of a traveller, and leaves no entry. Without --once, every minute. The environment "
    + "variable Smoke__ApiKey has the key for the API.")
{
    once, target, pushgateway,
};
command.SetAction((parsed, cancellationToken) =>
{
    var settings = new Dictionary<string, string?>();
    Set(nameof(SmokeOptions.Target), parsed.GetValue(target));
    Set(nameof(SmokeOptions.Pushgateway), parsed.GetValue(pushgateway));
    return parsed.GetValue(once) ? SmokeHost.RunOnceAsync(settings, cancellationToken) : SmokeHost.RunAsync(settings, cancellationToken);

    void Set(string name, string? value)
    {
        if (value is not null)
        {
            settings[$"{SmokeOptions.Section}:{name}"] = value;
        }
    }
});
command.Subcommands.Add(new Command(HealthProbe.Command, "Ask the one that serves on OPS_PORT for its health: exit code 0 or 1."));
command.Subcommands[0].SetAction((_, _) => HealthProbe.RunAsync());
return await command.Parse(args).InvokeAsync();
