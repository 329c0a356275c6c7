using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Promethoide.Api.Data.Migrations
{
    /// <inheritdoc />
    public partial class FlightDaysAndSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_immigration_dni_flight_number",
                table: "immigration");

            migrationBuilder.DropIndex(
                name: "ix_flights_flight_number",
                table: "flights");

            migrationBuilder.AddColumn<DateOnly>(
                name: "arrival_date",
                table: "refusals",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "arrival_date",
                table: "immigration",
                type: "date",
                nullable: true);

            FlightDays.Fill(migrationBuilder);

            migrationBuilder.AlterColumn<DateOnly>(
                name: "arrival_date",
                table: "immigration",
                type: "date",
                nullable: false,
                oldNullable: true);

            migrationBuilder.Sql(
                """
                CREATE FUNCTION search_form(text text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
                RETURN upper(regexp_replace(normalize(text, NFD), '[\u0300-\u036F]', '', 'g'));
                """);

            migrationBuilder.AddColumn<string>(
                name: "search_name",
                table: "refusals",
                type: "text",
                nullable: false,
                computedColumnSql: "search_form(name)",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "search_name",
                table: "immigration",
                type: "text",
                nullable: false,
                computedColumnSql: "search_form(name)",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_refusals_created_at",
                table: "refusals",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_immigration_created_at",
                table: "immigration",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_immigration_dni_flight_number_arrival_date",
                table: "immigration",
                columns: new[] { "dni", "flight_number", "arrival_date" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_hits_at",
                table: "hits",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_flights_arrival_date",
                table: "flights",
                column: "arrival_date");

            migrationBuilder.CreateIndex(
                name: "ix_flights_flight_number_arrival_date",
                table: "flights",
                columns: new[] { "flight_number", "arrival_date" },
                unique: true);

            FlightDays.Seed(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_refusals_created_at",
                table: "refusals");

            migrationBuilder.DropIndex(
                name: "ix_immigration_created_at",
                table: "immigration");

            migrationBuilder.DropIndex(
                name: "ix_immigration_dni_flight_number_arrival_date",
                table: "immigration");

            migrationBuilder.DropIndex(
                name: "ix_hits_at",
                table: "hits");

            migrationBuilder.DropIndex(
                name: "ix_flights_arrival_date",
                table: "flights");

            migrationBuilder.DropIndex(
                name: "ix_flights_flight_number_arrival_date",
                table: "flights");

            migrationBuilder.DropColumn(
                name: "search_name",
                table: "refusals");

            migrationBuilder.DropColumn(
                name: "search_name",
                table: "immigration");

            migrationBuilder.Sql("DROP FUNCTION search_form(text)");

            migrationBuilder.DropColumn(
                name: "arrival_date",
                table: "refusals");

            migrationBuilder.DropColumn(
                name: "arrival_date",
                table: "immigration");

            migrationBuilder.CreateIndex(
                name: "ix_immigration_dni_flight_number",
                table: "immigration",
                columns: new[] { "dni", "flight_number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_flights_flight_number",
                table: "flights",
                column: "flight_number",
                unique: true);
        }
    }
}
