using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Promethoide.Api.Import;

/// <summary>An error in a line of the file.</summary>
/// <param name="Line">The line number, from 1.</param>
/// <param name="Message">What is wrong, and in which column.</param>
internal sealed record CsvError(int Line, string Message);

/// <summary>The rows of a CSV file (RFC 4180), and its errors.</summary>
internal sealed record CsvRows<T>(IReadOnlyList<T> Items, IReadOnlyList<CsvError> Errors)
    where T : notnull
{
    /// <summary>Rejects text that is not UTF-8, instead of importing replacement characters.</summary>
    public static Encoding StrictUtf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static CsvRows<T> Read(TextReader text, IImportTable<T> table)
    {
        var (items, errors, lines) = (new List<T>(), new List<CsvError>(), new Dictionary<object, int>());
        using var csv = new CsvParser(
            text, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null });
        if (!csv.Read())
        {
            return new CsvRows<T>(
                items, [new CsvError(1, $"The file is empty. It begins with the header {string.Join(',', table.Columns)}.")]);
        }

        var header = Array.ConvertAll(csv.Record!, name => name.ToLowerInvariant());
        if (table.Columns.FirstOrDefault(column => header.Count(name => name == column) != 1) is { } missing)
        {
            return new CsvRows<T>(
                items,
                [new CsvError(1, $"The header has no column {missing}, or more than one. It is: {string.Join(',', table.Columns)}.")]);
        }

        if (table.Optional.FirstOrDefault(column => header.Count(name => name == column) > 1) is { } twice)
        {
            return new CsvRows<T>(items, [new CsvError(1, $"The header has more than one column {twice}.")]);
        }

        while (csv.Read())
        {
            var number = csv.RawRow;
            if (csv.Record is not { } record || record.Length != header.Length)
            {
                errors.Add(new CsvError(number, $"The line has {csv.Record?.Length ?? 0} values instead of {header.Length}."));
                continue;
            }

            var line = new CsvLine(header, record);
            var item = table.Read(line);
            if (line.Wrong.Count > 0)
            {
                errors.AddRange(line.Wrong.Select(message => new CsvError(number, message)));
            }
            else if (!lines.TryAdd(table.Key(item), number))
            {
                errors.Add(new CsvError(number, $"The same as line {lines[table.Key(item)]}."));
            }
            else
            {
                items.Add(item);
            }
        }

        return new CsvRows<T>(items, errors);
    }
}

/// <summary>The values of a line by column, and its errors.</summary>
internal sealed class CsvLine(string[] header, string[] values)
{
    private readonly List<string> _wrong = [];

    public IReadOnlyList<string> Wrong => _wrong;

    public string this[string column] => values[Array.IndexOf(header, column)];

    /// <summary>The value, unless <paramref name="isRight"/> rejects it: then the error is "COLUMN: RULE".</summary>
    public string Text(string column, Func<string, bool> isRight, string rule, Func<string, string>? normalise = null)
    {
        var value = normalise?.Invoke(this[column]) ?? this[column];
        return isRight(value) ? value : Fail(column, rule, "");
    }

    /// <summary>A date as YYYY-MM-DD.</summary>
    public DateOnly Date(string column) =>
        TryDate(column, out var date) ? date : Fail(column, "Give a day as YYYY-MM-DD.", date);

    /// <summary>A date as YYYY-MM-DD, unless <paramref name="isRight"/> rejects it; null when the value or the column is missing.</summary>
    public DateOnly? OptionalDate(string column, Func<DateOnly, bool> isRight, string rule) =>
        Array.IndexOf(header, column) < 0 || this[column].Length == 0 ? null
        : TryDate(column, out var date) && isRight(date) ? date
        : Fail(column, rule, (DateOnly?)null);

    public T Fail<T>(string column, string rule, T nothing)
    {
        _wrong.Add($"{column}: {rule}");
        return nothing;
    }

    private bool TryDate(string column, out DateOnly date) =>
        DateOnly.TryParseExact(this[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
