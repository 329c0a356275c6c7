using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Documentation;

/// <summary>The table of parts in <c>docs/architecture.md</c>, which readers use to find them.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public async Task Every_part_is_in_the_table_with_the_ports_that_it_has()
    {
        await using var containers = await AppHostModel.MakeAsync();
        await using var processes = await AppHostModel.MakeAsync("processes", []);
        var resources = containers.Builder.Resources.Concat(processes.Builder.Resources)
            .GroupBy(resource => resource.Name)
            .ToDictionary(group => group.Key, group => group.First());

        var named = new List<string>();
        foreach (var row in File.ReadLines(Repository.Combine("docs", "architecture.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .TakeWhile(line => !line.Contains("Promethoide.AppHost/", StringComparison.Ordinal)))
        {
            var cells = row.Split('|');
            string[] names = [.. Name().Matches(cells[1]).Select(name => name.Groups[1].Value)];
            named.AddRange(names);
            Assert.Equal(
                names.SelectMany(name =>
                    resources[name].Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Port).OfType<int>()),
                Port().Matches(cells[3]).Select(port => int.Parse(port.Value, System.Globalization.CultureInfo.InvariantCulture)));
        }

        // These two name the database for its two roles.
        Assert.Equal(containers.Names.Concat(processes.Names).Distinct().Except(["promethoide", "promethoide-api"]).Order(), named.Order());
    }

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Port();
}
