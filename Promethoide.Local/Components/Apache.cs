using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>Apache httpd in front of the services, with the configuration that the container image has too.</summary>
internal static class Apache
{
    public static Component Component(NetworkContext context, Programs programs)
    {
        var program = programs.Find("apache", "apache2", "httpd");
        return new("apache")
        {
            WaitsFor = ["web", "rest-api"],
            Url = context.Browser("apache"),
            Health = HttpHealth.Of($"{context.Local("apache")}/"),
            Start = _ => Task.FromResult(new Command(program, "-DFOREGROUND")),
        };
    }
}
