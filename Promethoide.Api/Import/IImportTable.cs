using Npgsql;

namespace Promethoide.Api.Import;

/// <summary>A table that CSV rows are imported into.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal interface IImportTable<T>
    where T : notnull
{
    /// <summary>The column names in the file's header, in any order.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The columns that a file may omit or leave empty.</summary>
    IReadOnlyList<string> Optional => [];

    /// <summary>
    /// Inserts the rows of <see cref="Parameters"/> and updates those that differ; returns for each of them whether it is new.
    /// </summary>
    string Upsert { get; }

    /// <summary>Reads a line. Errors are added to <paramref name="line"/>, and the row is then ignored.</summary>
    T Read(CsvLine line);

    /// <summary>The row's key, which has to be unique in the file.</summary>
    object Key(T row);

    /// <summary>The rows, as one array per column.</summary>
    NpgsqlParameter[] Parameters(IReadOnlyList<T> rows);
}
