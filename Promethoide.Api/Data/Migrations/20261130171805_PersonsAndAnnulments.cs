using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Promethoide.Api.Data.Migrations
{
    /// <inheritdoc />
    public partial class PersonsAndAnnulments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_immigration_dni_flight_number_arrival_date",
                table: "immigration");

            migrationBuilder.AddColumn<DateOnly>(
                name: "birth_date",
                table: "refusals",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "nationality",
                table: "refusals",
                type: "character varying(3)",
                maxLength: 3,
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "birth_date",
                table: "interpol",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "annulled_at",
                table: "immigration",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "annulled_by",
                table: "immigration",
                type: "character varying(68)",
                maxLength: 68,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "annulment_reason",
                table: "immigration",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "birth_date",
                table: "immigration",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "nationality",
                table: "immigration",
                type: "character varying(3)",
                maxLength: 3,
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_refusals_nationality",
                table: "refusals",
                sql: "nationality ~ '^[A-Z]{1,3}$'");

            migrationBuilder.CreateIndex(
                name: "ix_interpol_birth_date",
                table: "interpol",
                column: "birth_date");

            migrationBuilder.CreateIndex(
                name: "ix_immigration_dni_flight_number_arrival_date_annulled_at",
                table: "immigration",
                columns: new[] { "dni", "flight_number", "arrival_date", "annulled_at" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.AddCheckConstraint(
                name: "ck_immigration_annulment",
                table: "immigration",
                sql: "num_nonnulls(annulled_at, annulled_by, annulment_reason) IN (0, 3)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_immigration_annulment_reason",
                table: "immigration",
                sql: "annulment_reason <> '' AND annulment_reason !~ '[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF]'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_immigration_nationality",
                table: "immigration",
                sql: "nationality ~ '^[A-Z]{1,3}$'");

            Grants.GiveAnnulment(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION annul_entry(bigint, text, text)");

            migrationBuilder.DropCheckConstraint(
                name: "ck_refusals_nationality",
                table: "refusals");

            migrationBuilder.DropIndex(
                name: "ix_interpol_birth_date",
                table: "interpol");

            migrationBuilder.DropIndex(
                name: "ix_immigration_dni_flight_number_arrival_date_annulled_at",
                table: "immigration");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_annulment",
                table: "immigration");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_annulment_reason",
                table: "immigration");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_nationality",
                table: "immigration");

            migrationBuilder.DropColumn(
                name: "birth_date",
                table: "refusals");

            migrationBuilder.DropColumn(
                name: "nationality",
                table: "refusals");

            migrationBuilder.DropColumn(
                name: "birth_date",
                table: "interpol");

            migrationBuilder.DropColumn(
                name: "annulled_at",
                table: "immigration");

            migrationBuilder.DropColumn(
                name: "annulled_by",
                table: "immigration");

            migrationBuilder.DropColumn(
                name: "annulment_reason",
                table: "immigration");

            migrationBuilder.DropColumn(
                name: "birth_date",
                table: "immigration");

            migrationBuilder.DropColumn(
                name: "nationality",
                table: "immigration");

            migrationBuilder.CreateIndex(
                name: "ix_immigration_dni_flight_number_arrival_date",
                table: "immigration",
                columns: new[] { "dni", "flight_number", "arrival_date" },
                unique: true);
        }
    }
}
