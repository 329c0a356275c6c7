using Microsoft.EntityFrameworkCore.Migrations;

namespace Promethoide.Api.Data;

/// <summary>What the API's role may do: read what it decides by, add what it decided, and nothing else.</summary>
internal static class Grants
{
    /// <summary>The role that the API connects as; <c>postgres/roles.sql</c> creates it.</summary>
    public const string ApiRole = "promethoide_api";

    public static void Give(MigrationBuilder migration) => migration.Sql(
        $"""
        GRANT SELECT ON interpol, flights, immigration, refusals TO {ApiRole};
        GRANT INSERT ON immigration, refusals TO {ApiRole};
        """);
}
