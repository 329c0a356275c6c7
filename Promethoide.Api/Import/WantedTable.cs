using Npgsql;
using Promethoide.Api.Data;
using Promethoide.Api.Immigration;
using Promethoide.Documents;

namespace Promethoide.Api.Import;

/// <summary>Wanted persons, each by a document.</summary>
internal sealed class WantedTable : IImportTable<WantedPerson>
{
    private const int LongestName = 100;

    public IReadOnlyList<string> Columns { get; } = ["name", "dni"];

    public string Upsert =>
        """
        INSERT INTO interpol AS i (name, dni)
        SELECT * FROM unnest(@name, @dni)
        ON CONFLICT (dni) DO UPDATE SET name = excluded.name WHERE i.name <> excluded.name
        RETURNING xmax = 0
        """;

    public WantedPerson Read(CsvLine line) => new()
    {
        Name = line.Text("name", text => Words.AreVisible(text, LongestName), $"Give 1 to {LongestName} characters, none of them invisible."),
        Dni = line.Text("dni", DocumentNumber.IsValid, $"A document number has 1 to {DocumentNumber.MaximumLength} letters or digits.", DocumentNumber.Normalise),
    };

    public object Key(WantedPerson row) => row.Dni;

    public NpgsqlParameter[] Parameters(IReadOnlyList<WantedPerson> rows) =>
    [
        new NpgsqlParameter<string[]>("name", [.. rows.Select(row => row.Name)]),
        new NpgsqlParameter<string[]>("dni", [.. rows.Select(row => row.Dni)]),
    ];
}
