using Promethoide.Local.Supervision;
using Spectre.Console;

namespace Promethoide.Local.Terminal;

/// <summary>Shows the network while it runs: a live table on a terminal, a line for each change elsewhere.</summary>
internal static class Display
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    /// <summary>Shows <paramref name="supervisor"/>'s components until cancelled.</summary>
    /// <param name="supervisor">The network.</param>
    /// <param name="console">Where to.</param>
    /// <param name="hints">Lines below the table, known once it runs.</param>
    /// <param name="cancellationToken">Ends it; the table stays on the screen as it last was.</param>
    public static Task ShowAsync(Supervisor supervisor, IAnsiConsole console, Func<IReadOnlyList<string>> hints, CancellationToken cancellationToken)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
        {
            supervisor.StatusChanged += status => Plain(console, status);
            return Task.CompletedTask;
        }

        return console.Live(Render(supervisor, hints)).AutoClear(false).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                live.UpdateTarget(Render(supervisor, hints));
                await Task.Delay(Redraw, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            live.UpdateTarget(Render(supervisor, hints));
        });
    }

    /// <summary>The table, once.</summary>
    public static Table Table(IReadOnlyList<ComponentStatus> components)
    {
        // One line each: a live table that changes its height leaves lines of its former self behind.
        var table = new Table { Border = TableBorder.Rounded }.AddColumns(Column("component"), Column("state"), Column("address"));
        foreach (var component in components)
        {
            var detail = component.State is ComponentState.Unhealthy or ComponentState.Restarting or ComponentState.Failed ? component.Detail : null;
            table.AddRow(
                new Text(component.Name),
                new Markup($"[{Color(component.State)}]{Word(component.State)}[/]{(detail is null ? "" : " " + Markup.Escape(detail))}").Ellipsis(),
                new Text(component.Url ?? ""));
        }

        return table;
    }

    private static TableColumn Column(string title) => new TableColumn(title).NoWrap();

    private static Rows Render(Supervisor supervisor, Func<IReadOnlyList<string>> hints) =>
        new([Table(supervisor.Table), .. hints().Select(hint => new Text(hint))]);

    private static void Plain(IAnsiConsole console, ComponentStatus status) => console.Profile.Out.Writer.WriteLine(
        string.Join(' ', ((string?[])[$"{DateTime.Now:HH:mm:ss}", status.Name.PadRight(18), Word(status.State).PadRight(10), status.State is ComponentState.Healthy ? status.Url : status.Detail])
            .Where(word => word is not null)).TrimEnd());

    private static string Word(ComponentState state) => state.ToString().ToLowerInvariant();

    private static string Color(ComponentState state) => state switch
    {
        ComponentState.Healthy or ComponentState.Completed => "green",
        ComponentState.Unhealthy or ComponentState.Failed => "red",
        ComponentState.Restarting or ComponentState.Stopping or ComponentState.Starting => "yellow",
        _ => "grey",
    };
}
