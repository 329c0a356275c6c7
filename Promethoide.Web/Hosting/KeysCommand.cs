using System.CommandLine;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Promethoide.Web.Hosting;

/// <summary><c>Promethoide.Web keys new</c>: prints a key for a key ring that the desk only reads; see <see cref="KeyRing"/>.</summary>
internal static class KeysCommand
{
    /// <summary>The first word of its command line.</summary>
    public const string Name = "keys";

    private const int WrongUsage = 2;

    /// <returns>The exit code: 0, or 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var days = new Option<int>("--days")
        {
            Description = "For how many days it is used. What it has protected stays readable after that.",
            DefaultValueFactory = _ => 365,
        };
        var after = new Option<int>("--after")
        {
            Description = "In how many days its use begins: at least 2 while the desk serves, so that every replica has read it by then.",
            DefaultValueFactory = _ => 0,
        };
        AcceptFrom(days, 1);
        AcceptFrom(after, 0);
        var make = new Command("new", "Prints a new key as XML. Whoever has it can make valid sessions: keep it as you keep a password.")
        {
            days,
            after,
        };
        make.SetAction(parsed =>
            Console.Out.WriteLine(New(TimeProvider.System.GetUtcNow(), parsed.GetValue(days), parsed.GetValue(after))));

        var parsed = new RootCommand("The desk of Promethoide. Without a command it serves.")
        {
            new Command(Name, "Manages the keys of forms and sessions.") { make }
        }
            .Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync();
        }

        await Console.Error.WriteLineAsync(
            $"Promethoide.Web: {string.Join(' ', parsed.Errors.Select(error => error.Message))} See --help.");
        return WrongUsage;
    }

    private static void AcceptFrom(Option<int> option, int least) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > 3650))
        {
            result.AddError($"{option.Name} has to be from {least} to 3650.");
        }
    });

    private static XElement New(DateTimeOffset now, int days, int after)
    {
        var printed = new Printed();
        var services = new ServiceCollection();
        services.AddDataProtection();
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = printed);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IKeyManager>().CreateNewKey(now.AddDays(after), now.AddDays(after + days));
        return printed.Key!;
    }

    /// <summary>Keeps the one key that is created.</summary>
    private sealed class Printed : IXmlRepository
    {
        public XElement? Key { get; private set; }

        public IReadOnlyCollection<XElement> GetAllElements() => Key is null ? [] : [Key];

        public void StoreElement(XElement element, string friendlyName) => Key = element;
    }
}
