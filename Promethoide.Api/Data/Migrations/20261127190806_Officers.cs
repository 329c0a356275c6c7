using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Promethoide.Api.Data.Migrations
{
    /// <inheritdoc />
    public partial class Officers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_refusals_lodging",
                table: "refusals");

            migrationBuilder.DropCheckConstraint(
                name: "ck_refusals_name",
                table: "refusals");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_lodging",
                table: "immigration");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_name",
                table: "immigration");

            migrationBuilder.AddColumn<string>(
                name: "officer",
                table: "refusals",
                type: "character varying(68)",
                maxLength: 68,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "officer",
                table: "immigration",
                type: "character varying(68)",
                maxLength: 68,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                    table.CheckConstraint("ck_api_keys_name", "name ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'");
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    actor = table.Column<string>(type: "text", nullable: true),
                    action = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    client = table.Column<string>(type: "text", nullable: true),
                    times = table.Column<int>(type: "integer", nullable: false, defaultValue: 1)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "hits",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    officer = table.Column<string>(type: "character varying(68)", maxLength: 68, nullable: true),
                    dni = table.Column<string>(type: "character varying(15)", maxLength: 15, nullable: false),
                    decision = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hits", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "officers",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    locked = table.Column<bool>(type: "boolean", nullable: false),
                    must_change_password = table.Column<bool>(type: "boolean", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    user_name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    normalized_user_name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    security_stamp = table.Column<string>(type: "text", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true),
                    lockout_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_officers", x => x.id);
                    table.CheckConstraint("ck_officers_role", "role IN ('officer', 'supervisor')");
                    table.CheckConstraint("ck_officers_user_name", "user_name ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'");
                    table.CheckConstraint("ck_officers_way_in", "(password_hash IS NULL) <> (external_id IS NULL)");
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    officer_id = table.Column<int>(type: "integer", nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    by_link = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_sessions_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_links",
                columns: table => new
                {
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    officer_id = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_links", x => x.token_hash);
                    table.ForeignKey(
                        name: "fk_sign_in_links_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_refusals_officer_id",
                table: "refusals",
                columns: new[] { "officer", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_immigration_officer_id",
                table: "immigration",
                columns: new[] { "officer", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_key_hash",
                table: "api_keys",
                column: "key_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_name",
                table: "api_keys",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_at",
                table: "audit",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_hits_dni_id",
                table: "hits",
                columns: new[] { "dni", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_hits_officer_id",
                table: "hits",
                columns: new[] { "officer", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_officers_external_id",
                table: "officers",
                column: "external_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_officers_normalized_user_name",
                table: "officers",
                column: "normalized_user_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sessions_officer_id",
                table: "sessions",
                column: "officer_id");

            migrationBuilder.CreateIndex(
                name: "ix_sessions_token_hash",
                table: "sessions",
                column: "token_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_links_officer_id",
                table: "sign_in_links",
                column: "officer_id");

            // NOT VALID: what was kept before under the milder rule stays as it is.
            migrationBuilder.Sql("ALTER TABLE refusals ADD CONSTRAINT ck_refusals_lodging CHECK (lodging <> '' AND lodging !~ '[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF]') NOT VALID");
            migrationBuilder.Sql("ALTER TABLE refusals ADD CONSTRAINT ck_refusals_name CHECK (name <> '' AND name !~ '[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF]') NOT VALID");
            migrationBuilder.Sql("ALTER TABLE immigration ADD CONSTRAINT ck_immigration_lodging CHECK (lodging <> '' AND lodging !~ '[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF]') NOT VALID");
            migrationBuilder.Sql("ALTER TABLE immigration ADD CONSTRAINT ck_immigration_name CHECK (name <> '' AND name !~ '[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF]') NOT VALID");

            Grants.GiveAccess(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION prune_audit(); DROP TABLE audit_retention");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "hits");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "sign_in_links");

            migrationBuilder.DropTable(
                name: "officers");

            migrationBuilder.DropIndex(
                name: "ix_refusals_officer_id",
                table: "refusals");

            migrationBuilder.DropCheckConstraint(
                name: "ck_refusals_lodging",
                table: "refusals");

            migrationBuilder.DropCheckConstraint(
                name: "ck_refusals_name",
                table: "refusals");

            migrationBuilder.DropIndex(
                name: "ix_immigration_officer_id",
                table: "immigration");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_lodging",
                table: "immigration");

            migrationBuilder.DropCheckConstraint(
                name: "ck_immigration_name",
                table: "immigration");

            migrationBuilder.DropColumn(
                name: "officer",
                table: "refusals");

            migrationBuilder.DropColumn(
                name: "officer",
                table: "immigration");

            migrationBuilder.AddCheckConstraint(
                name: "ck_refusals_lodging",
                table: "refusals",
                sql: "lodging <> '' AND lodging !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_refusals_name",
                table: "refusals",
                sql: "name <> '' AND name !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_immigration_lodging",
                table: "immigration",
                sql: "lodging <> '' AND lodging !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_immigration_name",
                table: "immigration",
                sql: "name <> '' AND name !~ '[\\u0001-\\u001F\\u007F-\\u009F]'");
        }
    }
}
