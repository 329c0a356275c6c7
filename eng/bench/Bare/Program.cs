// The baseline of the REST API: the same queries and the same decision through Npgsql alone. No EF Core, no telemetry, no validation, no
// logging, no problem details; not a way to write an API.

using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;

const string Decide = """
    WITH decision AS (
        SELECT arrival_date, CASE
            WHEN EXISTS (SELECT FROM interpol WHERE dni = $2) THEN 'interpol-match'
            WHEN arrival_date IS NULL THEN 'flight-not-found'
            WHEN $4 = '' THEN 'lodging-required'
            WHEN $5 < 500 THEN 'insufficient-money'
        END AS reason
        FROM (SELECT min(arrival_date) AS arrival_date FROM flights WHERE flight_number = $3 AND arrival_date >= current_date) AS flight
    ), refusal AS (
        INSERT INTO refusals (name, dni, flight_number, arrival_date, lodging, declared_money, stay_days, reason, created_at)
        SELECT $1, $2, $3, arrival_date, $4, $5, $6, reason, now() FROM decision WHERE reason IS NOT NULL
    ), admission AS (
        INSERT INTO immigration (name, dni, flight_number, arrival_date, lodging, declared_money, stay_days, created_at)
        SELECT $1, $2, $3, arrival_date, $4, $5, $6, now() FROM decision WHERE reason IS NULL
        ON CONFLICT (dni, flight_number, arrival_date, annulled_at) DO NOTHING
        RETURNING id
    )
    SELECT reason, (SELECT id FROM admission) FROM decision
    """;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.ConfigureHttpJsonOptions(options =>
{
    options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJson.Default);
});
var app = builder.Build();

await using var database = NpgsqlDataSource.Create(
    builder.Configuration.GetConnectionString("promethoide") + ";Max Auto Prepare=16;Auto Prepare Min Usages=2;No Reset On Close=true");

app.MapGet("/health", () => Results.Ok());

app.MapGet("/dni/{dni}", async (string dni) =>
{
    await using var command = database.CreateCommand("SELECT id, name, dni FROM interpol WHERE dni = $1");
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = dni });
    await using var reader = await command.ExecuteReaderAsync();
    return await reader.ReadAsync()
        ? Results.Json(new Wanted(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)), BareJson.Default.Wanted)
        : Results.NotFound();
});

app.MapGet("/flights/{number}", async (string number) =>
{
    await using var command = database.CreateCommand(
        "SELECT id, flight_number, airline, origin, destination, departure_date, arrival_date FROM flights "
        + "WHERE flight_number = $1 AND arrival_date >= current_date ORDER BY arrival_date LIMIT 1");
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = number });
    await using var reader = await command.ExecuteReaderAsync();
    return await reader.ReadAsync()
        ? Results.Json(
            new Found(
                reader.GetInt32(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetFieldValue<DateOnly>(5),
                reader.GetFieldValue<DateOnly>(6)),
            BareJson.Default.Found)
        : Results.NotFound();
});

app.MapPost("/immigration", async (Entry entry) =>
{
    await using var command = database.CreateCommand(Decide);
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Name });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Dni });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.FlightNumber });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Lodging });
    command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = entry.DeclaredMoney });
    command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1 });
    await using var reader = await command.ExecuteReaderAsync();
    await reader.ReadAsync();
    return reader.IsDBNull(1)
        ? Results.BadRequest()
        : Results.Json(new Created(reader.GetInt32(1)), BareJson.Default.Created, statusCode: 201);
});

await app.RunAsync();

internal sealed record Wanted(int Id, string Name, string Dni);

internal sealed record Found(
    int Id, string FlightNumber, string Airline, string Origin, string Destination, DateOnly DepartureDate, DateOnly ArrivalDate);

internal sealed record Entry(string Name, string Dni, string FlightNumber, string Lodging, decimal DeclaredMoney);

internal sealed record Created(int Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Wanted))]
[JsonSerializable(typeof(Found))]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(Created))]
internal sealed partial class BareJson : JsonSerializerContext;
