using Npgsql;
using Promethoide.Api.Data;
using Promethoide.Api.Immigration;
using Promethoide.Documents;

namespace Promethoide.Api.Import;

/// <summary>Wanted persons, identified by document.</summary>
internal sealed class WantedTable : IImportTable<WantedPerson>
{
    private const int LongestName = 100;
    private const string BirthDate = "birth_date";

    public IReadOnlyList<string> Columns { get; } = ["name", "dni"];

    public IReadOnlyList<string> Optional { get; } = [BirthDate];

    public string Upsert =>
        """
        INSERT INTO interpol AS i (name, dni, birth_date)
        SELECT * FROM unnest(@name, @dni, @birth_date)
        ON CONFLICT (dni) DO UPDATE SET name = excluded.name, birth_date = COALESCE(excluded.birth_date, i.birth_date)
        WHERE i.name <> excluded.name OR excluded.birth_date <> i.birth_date OR (excluded.birth_date IS NOT NULL AND i.birth_date IS NULL)
        RETURNING xmax = 0
        """;

    public WantedPerson Read(CsvLine line) => new()
    {
        Name = line.Text(
            "name", text => SingleLineText.IsVisible(text, LongestName), $"Give 1 to {LongestName} characters, none of them invisible."),
        Dni = line.Text(
            "dni",
            DocumentNumber.IsValid,
            $"A document number has 1 to {DocumentNumber.MaximumLength} letters or digits.",
            DocumentNumber.Normalise),
        BirthDate = line.OptionalDate(BirthDate, BirthDateAttribute.IsPossible, "Give a day as YYYY-MM-DD, from 1900-01-01 to today."),
    };

    public object Key(WantedPerson row) => row.Dni;

    public NpgsqlParameter[] Parameters(IReadOnlyList<WantedPerson> rows) =>
    [
        new NpgsqlParameter<string[]>("name", [.. rows.Select(row => row.Name)]),
        new NpgsqlParameter<string[]>("dni", [.. rows.Select(row => row.Dni)]),
        new NpgsqlParameter<DateOnly?[]>("birth_date", [.. rows.Select(row => row.BirthDate)]),
    ];
}
