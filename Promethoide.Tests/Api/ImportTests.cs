using System.Diagnostics;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Files of flights and wanted persons, imported by the database owner.</summary>
public sealed class ImportTests(PostgresServer server) : IAsyncLifetime
{
    private const string Flights =
        """
        flight_number,airline,origin,destination,departure_date,arrival_date
        ib 3170,Iberia,MAD,LHR,2030-01-01,2030-01-01
        NZ2,"Air New Zealand, Ltd.",AKL,LAX,2030-01-02,2030-01-01

        IB3170,Iberia,MAD,LHR,2030-01-02,2030-01-02
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-import-").FullName;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await (await server.CreateDatabaseAsync()).MigrateAsync();

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Flights_come_in_are_brought_up_to_date_and_come_in_once()
    {
        var before = await CountAsync("flights");

        Assert.Contains("3 new, 0 changed, 0 as they were", await MustAsync("flights", Flights), StringComparison.Ordinal);
        Assert.Contains("0 new, 0 changed, 3 as they were", await MustAsync("flights", Flights), StringComparison.Ordinal);
        Assert.Contains(
            "0 new, 1 changed, 2 as they were",
            await MustAsync("flights", Flights.Replace("Air New Zealand, Ltd.", "Air New Zealand", StringComparison.Ordinal)),
            StringComparison.Ordinal);

        Assert.Equal(before + 3, await CountAsync("flights"));
        Assert.Equal("Air New Zealand", await _database.ReadAsync<string>("SELECT airline FROM flights WHERE flight_number = 'NZ2'"));
        Assert.Equal(
            ["3 new, 0 changed", "0 new, 0 changed", "0 new, 1 changed"],
            await _database.ReadAsync<string[]>(
                "SELECT ARRAY(SELECT outcome FROM audit WHERE action = 'import' AND actor = 'command line' ORDER BY id)"));
    }

    [Fact]
    public async Task Wanted_persons_come_in_whatever_the_order_of_the_columns_and_however_their_documents_are_written()
    {
        Assert.Contains(
            "1 new, 1 changed, 0 as they were",
            await MustAsync("wanted", "\uFEFFDNI,Name\r\nDNI 12.345.678-A,John Q. Doe\r\nx1234567l,Zoë O'Núñez\r\n"),
            StringComparison.Ordinal);

        Assert.Equal("John Q. Doe", await _database.ReadAsync<string>("SELECT name FROM interpol WHERE dni = '12345678A'"));
        Assert.Equal("Zoë O'Núñez", await _database.ReadAsync<string>("SELECT name FROM interpol WHERE dni = 'X1234567L'"));
    }

    [Fact]
    public async Task Wanted_persons_may_have_a_day_of_birth_which_a_file_without_it_leaves_alone()
    {
        Assert.Contains(
            "2 new, 0 changed, 0 as they were",
            await MustAsync("wanted", "name,dni,birth_date\nJane Roe,BORN1,1980-02-29\nJohn Roe,BORN2,\n"),
            StringComparison.Ordinal);
        Assert.Contains(
            "0 new, 1 changed, 1 as they were",
            await MustAsync("wanted", "name,dni,birth_date\nJane Roe,BORN1,1980-02-29\nJohn Roe,BORN2,1981-01-01\n"),
            StringComparison.Ordinal);
        Assert.Contains(
            "0 new, 0 changed, 2 as they were",
            await MustAsync("wanted", "name,dni\nJane Roe,BORN1\nJohn Roe,BORN2\n"),
            StringComparison.Ordinal);

        Assert.Equal(new DateOnly(1980, 2, 29), await _database.ReadAsync<DateOnly>("SELECT birth_date FROM interpol WHERE dni = 'BORN1'"));
    }

    [Theory]
    [InlineData("29/02/1980")]
    [InlineData("1899-12-31")]
    [InlineData("2999-01-01")]
    public async Task A_day_of_birth_that_cannot_be_is_told_once(string birth)
    {
        var result = await ImportAsync(_database.AsOwner, "wanted", $"name,dni,birth_date\nJane Roe,BORN3,{birth}\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Single((result.Error + result.Output).Split('\n'), line => line.Contains(":2: birth_date: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rehearsal_says_what_would_be_and_changes_nothing()
    {
        var before = await CountAsync("flights");

        Assert.Contains(
            "3 new, 0 changed, 0 as they were. Nothing was imported",
            await MustAsync("flights", Flights, "--dry-run"),
            StringComparison.Ordinal);

        Assert.Equal(before, await CountAsync("flights"));
        Assert.Equal(0, await _database.ReadAsync<long>("SELECT count(*) FROM audit WHERE action = 'import'"));
    }

    [Fact]
    public async Task Each_wrong_line_is_named_and_then_nothing_comes_in()
    {
        var before = await CountAsync("flights");

        var result = await ImportAsync(
            _database.AsOwner,
            "flights",
            $"""
            {Flights}
            IB-3170,Iberia,MAD,LHR,2030-01-03,2030-01-03
            IB3171,Iberia,,LHR,03/01/2030,2030-01-03
            IB3172,Iberia,MAD,LHR,2030-01-03
            IB3170,Iberia,MAD,LHR,2030-01-01,2030-01-01
            IB3173,Iberia,MAD,LHR,2030-01-03,2030-01-09
            """);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [
                "6: flight_number: A flight number has 1 to 10 letters or digits.",
                "7: origin: Give 1 to 100 characters, none of them invisible.",
                "7: departure_date: Give a day as YYYY-MM-DD.",
                "8: The line has 5 values instead of 6.",
                "9: The same as line 2.",
                "10: arrival_date: A flight arrives from 1 day before to 2 days after its departure.",
                "Nothing was imported.",
            ],
            result.Error.TrimEnd()
                .Split('\n')
                .Select(line => line[(line.LastIndexOf(".csv:", StringComparison.Ordinal) is >= 0 and var at ? at + 5 : 0)..]));
        Assert.Equal(before, await CountAsync("flights"));
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("name\nJohn Doe", "no column dni")]
    [InlineData("name,dni,name\nJohn,X1,Doe", "no column name, or more than one")]
    [InlineData("name,dni\nJohn\u200B Doe,X1", "2: name:")]
    [InlineData("name,dni\nJohn Doe,X/1", "2: dni:")]
    public async Task What_is_wrong_with_a_file_is_told(string content, string says)
    {
        var result = await ImportAsync(_database.AsOwner, "wanted", content);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_not_UTF_8_is_told()
    {
        var latin = Path.Combine(_folder, "latin.csv");
        await File.WriteAllBytesAsync(latin, [.. "name,dni\nJos"u8, 0xE9, .. ",X1\n"u8], TestContext.Current.CancellationToken);

        Assert.Contains("latin.csv is not UTF-8", (await RunAsync(_database.AsOwner, "wanted", latin)).Error, StringComparison.Ordinal);
        Assert.Contains(
            "nowhere.csv cannot be read",
            (await RunAsync(_database.AsOwner, "wanted", Path.Combine(_folder, "nowhere.csv"))).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_itself_may_not()
    {
        var result = await ImportAsync(_database.AsApi, "wanted", "name,dni\nJohn Doe,X1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the connection of the database's owner", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_read_too()
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly("Promethoide.Api"), "import", "wanted", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["ConnectionStrings__promethoide"] = _database.AsOwner },
        };
        using var program = Process.Start(start)!;
        await program.StandardInput.WriteAsync("name,dni\nJané Doe,X1");
        program.StandardInput.Close();

        Assert.Contains(
            "1 new", await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("Jané Doe", await _database.ReadAsync<string>("SELECT name FROM interpol WHERE dni = 'X1'"));
    }

    private async Task<string> MustAsync(string what, string content, params string[] options)
    {
        var result = await ImportAsync(_database.AsOwner, what, content, options);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    private async Task<ToolResult> ImportAsync(string connection, string what, string content, params string[] options)
    {
        var file = Path.Combine(_folder, $"{what}.csv");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        return await RunAsync(connection, what, [file, .. options]);
    }

    private static Task<ToolResult> RunAsync(string connection, string what, params IEnumerable<string> arguments) =>
        Tool.RunAsync(
            "dotnet",
            [Repository.Assembly("Promethoide.Api"), "import", what, .. arguments],
            [new("ConnectionStrings__promethoide", connection)]);

    private Task<long> CountAsync(string table) => _database.ReadAsync<long>($"SELECT count(*) FROM {table}");
}
