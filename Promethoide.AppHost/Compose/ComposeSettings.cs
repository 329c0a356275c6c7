using System.Text.RegularExpressions;
using Aspire.Hosting.Docker.Resources;

namespace Promethoide.AppHost;

/// <summary>
/// What an operator sets: the names of <c>deploy/.env.example</c>. A line <c>NAME=</c> has to be filled in, <c>#NAME=value</c> has that default, and both
/// are written into the compose file: <c>${NAME:?…}</c> and <c>${NAME:-value}</c>.
/// </summary>
internal sealed partial class ComposeSettings
{
    private readonly string _file;
    private readonly Dictionary<string, string> _expressions;

    private ComposeSettings(string file)
    {
        _file = file;
        _expressions = SettingLine().Matches(File.ReadAllText(file)).ToDictionary(
            line => line.Groups["name"].Value,
            line => line.Groups["optional"].Success
                ? $"${{{line.Groups["name"].Value}:-{line.Groups["value"].Value}}}"
                : $"${{{line.Groups["name"].Value}:?is not set in .env}}");
    }

    public static ComposeSettings Read(string file) => new(file);

    /// <summary>Puts <c>.env.example</c> beside what is published.</summary>
    public void CopyTo(string folder)
    {
        var copy = Path.Combine(folder, Path.GetFileName(_file));
        if (Path.GetFullPath(copy) != Path.GetFullPath(_file))
        {
            File.Copy(_file, copy, overwrite: true);
        }
    }

    /// <summary>Writes out what each <c>${NAME}</c> of the file is when it is not set.</summary>
    /// <exception cref="DistributedApplicationException">The file has a name that is not documented.</exception>
    public void Apply(ComposeFile file)
    {
        foreach (var service in file.Services.Values)
        {
            service.Image = Apply(service.Image);
            service.Ports = [.. service.Ports.Select(port => Apply(port)!)];
            service.Command = [.. service.Command.Select(word => Apply(word)!)];
            if (service.Healthcheck is { } healthcheck)
            {
                healthcheck.Test = [.. healthcheck.Test.Select(word => Apply(word)!)];
            }

            foreach (var name in service.Environment.Keys)
            {
                service.Environment[name] = Apply(service.Environment[name])!;
            }
        }

        foreach (var pool in file.Networks.Values.Where(network => network.Ipam is not null).SelectMany(network => network.Ipam!.Config))
        {
            foreach (var key in pool.Keys)
            {
                pool[key] = Apply(pool[key])!;
            }
        }
    }

    private string? Apply(string? text) => text is null ? null : Name().Replace(text, match => _expressions.GetValueOrDefault(match.Groups[1].Value)
        ?? throw new DistributedApplicationException($"{match.Value} is used in the compose file, but {_file} does not document it."));

    [GeneratedRegex(@"^(?<optional>#)?(?<name>[A-Z][A-Z0-9_]*)=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex SettingLine();

    // $${NAME} is the container's own variable.
    [GeneratedRegex(@"(?<!\$)\$\{(\w+)\}")]
    private static partial Regex Name();
}
