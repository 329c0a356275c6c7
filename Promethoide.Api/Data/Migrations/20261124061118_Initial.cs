using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Promethoide.Api.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "flights",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    flight_number = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    airline = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    origin = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    destination = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    departure_date = table.Column<DateOnly>(type: "date", nullable: false),
                    arrival_date = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_flights", x => x.id);
                    table.CheckConstraint("ck_flights_flight_number", "flight_number ~ '^[A-Z0-9]{1,10}$'");
                });

            migrationBuilder.CreateTable(
                name: "immigration",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    dni = table.Column<string>(type: "character varying(15)", maxLength: 15, nullable: false),
                    lodging = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    declared_money = table.Column<decimal>(type: "numeric(15,2)", precision: 15, scale: 2, nullable: false),
                    flight_number = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    stay_days = table.Column<int>(type: "integer", nullable: false, defaultValue: 1),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_immigration", x => x.id);
                    table.CheckConstraint("ck_immigration_declared_money", "declared_money >= 0");
                    table.CheckConstraint("ck_immigration_dni", "dni ~ '^[A-Z0-9]{1,15}$'");
                    table.CheckConstraint("ck_immigration_flight_number", "flight_number ~ '^[A-Z0-9]{1,10}$'");
                    table.CheckConstraint("ck_immigration_lodging", "lodging <> '' AND lodging !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");
                    table.CheckConstraint("ck_immigration_name", "name <> '' AND name !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");
                    table.CheckConstraint("ck_immigration_stay_days", "stay_days BETWEEN 1 AND 365");
                });

            migrationBuilder.CreateTable(
                name: "interpol",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    dni = table.Column<string>(type: "character varying(15)", maxLength: 15, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_interpol", x => x.id);
                    table.CheckConstraint("ck_interpol_dni", "dni ~ '^[A-Z0-9_]{1,15}$'");
                });

            migrationBuilder.CreateTable(
                name: "refusals",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    dni = table.Column<string>(type: "character varying(15)", maxLength: 15, nullable: false),
                    flight_number = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    lodging = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    declared_money = table.Column<decimal>(type: "numeric(15,2)", precision: 15, scale: 2, nullable: false),
                    stay_days = table.Column<int>(type: "integer", nullable: false, defaultValue: 1),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refusals", x => x.id);
                    table.CheckConstraint("ck_refusals_declared_money", "declared_money >= 0");
                    table.CheckConstraint("ck_refusals_dni", "dni ~ '^[A-Z0-9]{1,15}$'");
                    table.CheckConstraint("ck_refusals_flight_number", "flight_number ~ '^[A-Z0-9]{1,10}$'");
                    table.CheckConstraint("ck_refusals_lodging", "lodging <> '' AND lodging !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");
                    table.CheckConstraint("ck_refusals_name", "name <> '' AND name !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");
                    table.CheckConstraint("ck_refusals_reason", "reason IN ('interpol-match', 'flight-not-found', 'lodging-required', 'insufficient-money')");
                    table.CheckConstraint("ck_refusals_stay_days", "stay_days BETWEEN 1 AND 365");
                });

            migrationBuilder.CreateIndex(
                name: "ix_flights_flight_number",
                table: "flights",
                column: "flight_number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_immigration_dni_flight_number",
                table: "immigration",
                columns: new[] { "dni", "flight_number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_immigration_flight_number_id",
                table: "immigration",
                columns: new[] { "flight_number", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_interpol_dni",
                table: "interpol",
                column: "dni",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_refusals_dni_id",
                table: "refusals",
                columns: new[] { "dni", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_refusals_flight_number_id",
                table: "refusals",
                columns: new[] { "flight_number", "id" });

            Grants.Give(migrationBuilder);
            Seed.Insert(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "flights");

            migrationBuilder.DropTable(
                name: "immigration");

            migrationBuilder.DropTable(
                name: "interpol");

            migrationBuilder.DropTable(
                name: "refusals");
        }
    }
}
