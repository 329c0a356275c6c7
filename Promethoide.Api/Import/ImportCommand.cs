using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Import;

/// <summary>
/// <c>Promethoide.Api import …</c>: imports flights and wanted persons from a file, all or, when a line is wrong, none. It connects as the
/// database's owner: the API itself has read access only.
/// </summary>
internal static class ImportCommand
{
    private const string StandardInput = "-";
    private const int MostErrors = 20;

    public static Command Build() => new("import", "Brings flights or wanted persons in from a CSV file, as the database's owner.")
    {
        Import("flights", "Flights: a number on a day of arrival.", new FlightsTable()),
        Import("wanted", "Persons whom Interpol looks for, by their document.", new WantedTable()),
    };

    private static Command Import<T>(string name, string description, IImportTable<T> table)
        where T : notnull
    {
        var optional = string.Concat(table.Optional.Select(column => $", and {column} where it is known"));
        var file = new Argument<string>("FILE")
        {
            Description = $"UTF-8, with the header {string.Join(',', table.Columns)}{optional}; {StandardInput} is standard input.",
        };
        var rehearse = new Option<bool>("--dry-run") { Description = "Checks the file and says what it would change; changes nothing." };
        var command = new Command(name, $"{description} Who is there already is brought up to date; nobody is removed.") { file, rehearse };
        command.SetAction((parsed, _) => AdministrationHost.RunAsync((services, stop) =>
            RunAsync(
                services.GetRequiredService<PromethoideContext>(), name, table, parsed.GetValue(file)!, parsed.GetValue(rehearse), stop)));
        return command;
    }

    private static async Task<(bool, string)> RunAsync<T>(
        PromethoideContext db, string name, IImportTable<T> table, string file, bool rehearse, CancellationToken stop)
        where T : notnull
    {
        CsvRows<T> rows;
        try
        {
            using var text = file == StandardInput ? Console.In : new StreamReader(file, CsvRows<T>.StrictUtf8);
            rows = CsvRows<T>.Read(text, table);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Text.DecoderFallbackException)
        {
            return (false, exception is System.Text.DecoderFallbackException
                ? $"{file} is not UTF-8."
                : $"{file} cannot be read: {exception.Message}");
        }

        if (rows.Errors.Count > 0)
        {
            var more = rows.Errors.Count - MostErrors;
            return (false, string.Join(Environment.NewLine, [
                .. rows.Errors.Take(MostErrors).Select(error => $"{file}:{error.Line}: {error.Message}"),
                .. more > 0 ? (string[])[$"… and {more} more."] : [],
                "Nothing was imported.",
            ]));
        }

        try
        {
            var (added, changed) = await WriteAsync(db, name, table, rows.Items, file, rehearse, stop);
            return (
                true,
                $"{file}: {added} new, {changed} changed, {rows.Items.Count - added - changed} as they were."
                + (rehearse ? " Nothing was imported: this was a rehearsal." : ""));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return (false, "The database user may not do this: give the connection of the database's owner, as for migrate.");
        }
    }

    private static async Task<(int Added, int Changed)> WriteAsync<T>(
        PromethoideContext db,
        string name,
        IImportTable<T> table,
        IReadOnlyList<T> items,
        string file,
        bool rehearse,
        CancellationToken stop)
        where T : notnull
    {
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var (added, changed) = (0, 0);
        await using (var command = new NpgsqlCommand(table.Upsert, (NpgsqlConnection)db.Database.GetDbConnection()))
        {
            command.Parameters.AddRange(table.Parameters(items));
            await using var row = await command.ExecuteReaderAsync(stop);
            while (await row.ReadAsync(stop))
            {
                _ = row.GetBoolean(0) ? added++ : changed++;
            }
        }

        if (rehearse)
        {
            await transaction.RollbackAsync(stop);
        }
        else
        {
            await db.AuditAsync(
                AdministrationHost.Actor,
                Actions.Import,
                $"{name} {Path.GetFileName(file)}",
                $"{added} new, {changed} changed",
                client: null,
                stop);
            await transaction.CommitAsync(stop);
        }

        return (added, changed);
    }
}
