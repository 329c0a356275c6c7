using Npgsql;

namespace Promethoide.Api.Import;

/// <summary>A table that rows of a CSV file go to.</summary>
/// <typeparam name="T">A row.</typeparam>
internal interface IImportTable<T>
    where T : notnull
{
    /// <summary>The names in the file's header, in any order.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The names of columns that a file may leave out, and values of which may be empty.</summary>
    IReadOnlyList<string> Optional => [];

    /// <summary>
    /// Adds the rows of <see cref="Parameters"/> and changes those that differ; returns for each of these whether it is new.
    /// </summary>
    string Upsert { get; }

    /// <summary>Reads a line. What is wrong with a column goes to <paramref name="line"/>; then the row is not used.</summary>
    T Read(CsvLine line);

    /// <summary>What tells a row from others: a file may have each but once.</summary>
    object Key(T row);

    /// <summary>The rows, as one array for each column.</summary>
    NpgsqlParameter[] Parameters(IReadOnlyList<T> rows);
}
