using Microsoft.EntityFrameworkCore.Migrations;

namespace Promethoide.Api.Data;

/// <summary>
/// The rows of the original's <c>init.sql</c>. They belong to the first migration, so they are inserted once and stay deleted if somebody
/// deletes them.
/// </summary>
internal static class Seed
{
    private static readonly string[] PersonColumns = ["name", "dni"];

    private static readonly string[] FlightColumns =
    [
        "flight_number", "airline", "origin", "destination", "departure_date", "arrival_date",
    ];

    private static readonly string[] EntryColumns = ["name", "dni", "lodging", "declared_money", "flight_number"];

    public static void Insert(MigrationBuilder migration)
    {
        migration.InsertData("interpol", PersonColumns, new object[,]
        {
            { "John Doe", "12345678A" },
            { "Jane Smith", "87654321B" },
            { "Carlos Hernandez", "23456789C" },
            { "Maria Garcia", "34567890D" },
            { "Luis Martinez", "45678901E" },
        });

        migration.InsertData("flights", FlightColumns, new object[,]
        {
            { "AA123", "American Airlines", "JFK", "LAX", new DateOnly(2023, 10, 15), new DateOnly(2023, 10, 15) },
            { "BA456", "British Airways", "LHR", "JFK", new DateOnly(2023, 11, 1), new DateOnly(2023, 11, 1) },
            { "AF789", "Air France", "CDG", "DXB", new DateOnly(2023, 10, 20), new DateOnly(2023, 10, 20) },
            { "LH101", "Lufthansa", "FRA", "NRT", new DateOnly(2023, 12, 5), new DateOnly(2023, 12, 6) },
            { "EK202", "Emirates", "DXB", "JFK", new DateOnly(2023, 9, 28), new DateOnly(2023, 9, 28) },
        });

        migration.InsertData("immigration", EntryColumns, new object[,]
        {
            { "Fernando Alonso", "56789012F", "Hotel California", 2000m, "AA123" },
            { "Sebastian Vettel", "67890123G", "Grand Hyatt", 3000m, "BA456" },
            { "Lewis Hamilton", "78901234H", "Sheraton", 2500m, "AF789" },
            { "Nico Rosberg", "89012345I", "Marriott", 1500m, "LH101" },
            { "Daniel Ricciardo", "90123456J", "Hilton", 4000m, "EK202" },
        });
    }
}
