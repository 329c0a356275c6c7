using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Immigration;

namespace Promethoide.Api.Data;

/// <summary>The tables. The API validates requests; the constraints here enforce the same rules on everybody else.</summary>
public sealed class PromethoideContext(DbContextOptions<PromethoideContext> options) : DbContext(options)
{
    // PostgreSQL's regular expressions: no control characters (C0, DEL, C1), whatever the database's locale counts as one; no invisible
    // characters, and none that change the text direction.
    private const string Printable = @"!~ '[\u0001-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]'";
    private const string Document = "~ '^[A-Z0-9]{1,15}$'";
    private const string NationalityCode = "~ '^[A-Z]{1,3}$'";
    private const string FlightCode = "~ '^[A-Z0-9]{1,10}$'";

    /// <summary>Persons wanted by Interpol.</summary>
    public DbSet<WantedPerson> Interpol => Set<WantedPerson>();

    /// <summary>Known flights.</summary>
    public DbSet<Flight> Flights => Set<Flight>();

    /// <summary>Admitted travellers.</summary>
    public DbSet<ImmigrationEntry> Immigration => Set<ImmigrationEntry>();

    /// <summary>Refused travellers.</summary>
    public DbSet<Refusal> Refusals => Set<Refusal>();

    /// <summary>The requests behind the last day's decisions.</summary>
    public DbSet<DecisionRequest> DecisionRequests => Set<DecisionRequest>();

    /// <summary>Presentations of wanted persons' documents.</summary>
    public DbSet<Hit> Hits => Set<Hit>();

    /// <summary>Officers, who may sign in.</summary>
    public DbSet<Officer> Officers => Set<Officer>();

    /// <summary>Sessions of signed-in officers.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Links for signing in once.</summary>
    public DbSet<SignInLink> SignInLinks => Set<SignInLink>();

    /// <summary>Service keys.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <summary>The database function that normalises text for searches: upper case, without accents. For queries only.</summary>
    [DbFunction("search_form")]
    public static string SearchForm(string text) => throw new NotSupportedException("The database does this.");

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);

        // ALWAYS: the right to insert is enough to generate an id; a separate sequence would need another grant.
        modelBuilder.UseIdentityAlwaysColumns();

        modelBuilder.Entity<WantedPerson>(person =>
        {
            person.ToTable("interpol", table => table.HasCheckConstraint("ck_interpol_dni", "dni ~ '^[A-Z0-9_]{1,15}$'"));
            person.Property(p => p.Name).HasMaxLength(100);
            person.Property(p => p.Dni).HasMaxLength(15);
            person.HasIndex(p => p.Dni).IsUnique();
            person.HasIndex(p => p.BirthDate);
        });

        modelBuilder.Entity<Flight>(flight =>
        {
            flight.ToTable("flights", table => table.HasCheckConstraint("ck_flights_flight_number", $"flight_number {FlightCode}"));
            flight.Property(f => f.FlightNumber).HasMaxLength(10);
            flight.Property(f => f.Airline).HasMaxLength(100);
            flight.Property(f => f.Origin).HasMaxLength(100);
            flight.Property(f => f.Destination).HasMaxLength(100);
            flight.HasIndex(f => new { f.FlightNumber, f.ArrivalDate }).IsUnique();
            flight.HasIndex(f => f.ArrivalDate);
        });

        // No foreign key to flights: when a flight leaves the schedule, the decisions about its passengers stay.
        modelBuilder.Entity<ImmigrationEntry>(entry =>
        {
            entry.ToTable("immigration", table =>
            {
                table.HasCheckConstraint("ck_immigration_name", $"name <> '' AND name {Printable}");
                table.HasCheckConstraint("ck_immigration_dni", $"dni {Document}");
                table.HasCheckConstraint("ck_immigration_lodging", $"lodging <> '' AND lodging {Printable}");
                table.HasCheckConstraint("ck_immigration_declared_money", "declared_money >= 0");
                table.HasCheckConstraint("ck_immigration_flight_number", $"flight_number {FlightCode}");
                table.HasCheckConstraint("ck_immigration_stay_days", "stay_days BETWEEN 1 AND 365");
                table.HasCheckConstraint("ck_immigration_nationality", $"nationality {NationalityCode}");
                table.HasCheckConstraint("ck_immigration_annulment", "num_nonnulls(annulled_at, annulled_by, annulment_reason) IN (0, 3)");
                table.HasCheckConstraint("ck_immigration_annulment_reason", $"annulment_reason <> '' AND annulment_reason {Printable}");
            });
            entry.Property(e => e.Name).HasMaxLength(100);
            entry.Property(e => e.Dni).HasMaxLength(15);
            entry.Property(e => e.Lodging).HasMaxLength(255);
            entry.Property(e => e.DeclaredMoney).HasPrecision(15, 2);
            entry.Property(e => e.FlightNumber).HasMaxLength(10);
            entry.Property(e => e.StayDays).HasDefaultValue(1);
            entry.Property(e => e.CreatedAt).HasDefaultValueSql("now()");
            entry.Property(e => e.Officer).HasMaxLength(Caller.MaximumNameLength);
            entry.Property(e => e.Nationality).HasMaxLength(3);
            entry.Property(e => e.AnnulledBy).HasMaxLength(Caller.MaximumNameLength);
            entry.Property(e => e.AnnulmentReason).HasMaxLength(255);
            // One index for valid and annulled entries. Nulls are not distinct, so only one entry can be valid.
            entry.HasIndex(e => new { e.Dni, e.FlightNumber, e.ArrivalDate, e.AnnulledAt }).IsUnique().AreNullsDistinct(false);
            entry.HasIndex(e => new { e.FlightNumber, e.Id });
            entry.HasIndex(e => new { e.Officer, e.Id });
            entry.HasIndex(e => e.CreatedAt);
            entry.Property(e => e.SearchName).HasComputedColumnSql("search_form(name)", stored: true);
        });

        modelBuilder.Entity<Refusal>(refusal =>
        {
            refusal.ToTable("refusals", table =>
            {
                table.HasCheckConstraint("ck_refusals_name", $"name <> '' AND name {Printable}");
                table.HasCheckConstraint("ck_refusals_dni", $"dni {Document}");
                table.HasCheckConstraint("ck_refusals_flight_number", $"flight_number {FlightCode}");
                table.HasCheckConstraint("ck_refusals_lodging", $"lodging <> '' AND lodging {Printable}");
                table.HasCheckConstraint("ck_refusals_declared_money", "declared_money >= 0");
                table.HasCheckConstraint("ck_refusals_stay_days", "stay_days BETWEEN 1 AND 365");
                table.HasCheckConstraint("ck_refusals_nationality", $"nationality {NationalityCode}");
                table.HasCheckConstraint("ck_refusals_reason", $"reason IN ('{string.Join("', '", RefusalReasons.All)}')");
            });
            refusal.Property(r => r.Name).HasMaxLength(100);
            refusal.Property(r => r.Dni).HasMaxLength(15);
            refusal.Property(r => r.FlightNumber).HasMaxLength(10);
            refusal.Property(r => r.Lodging).HasMaxLength(255);
            refusal.Property(r => r.DeclaredMoney).HasPrecision(15, 2);
            refusal.Property(r => r.StayDays).HasDefaultValue(1);
            refusal.Property(r => r.Nationality).HasMaxLength(3);
            refusal.Property(r => r.Reason).HasMaxLength(40);
            refusal.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
            refusal.HasIndex(r => new { r.Dni, r.Id });
            refusal.Property(r => r.Officer).HasMaxLength(Caller.MaximumNameLength);
            refusal.HasIndex(r => new { r.FlightNumber, r.Id });
            refusal.HasIndex(r => new { r.Officer, r.Id });
            refusal.HasIndex(r => r.CreatedAt);
            refusal.Property(r => r.SearchName).HasComputedColumnSql("search_form(name)", stored: true);
        });

        modelBuilder.Entity<DecisionRequest>(request =>
        {
            request.ToTable(
                "decision_requests",
                table => table.HasCheckConstraint("ck_decision_requests_outcome", "(entry_id IS NULL) <> (reason IS NULL)"));
            request.HasKey(r => r.Key);
            request.Property(r => r.Reason).HasMaxLength(40);
            request.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
        });

        // No foreign key: a hit stays on record when the person is taken off the list later.
        modelBuilder.Entity<Hit>(hit =>
        {
            hit.ToTable("hits");
            hit.Property(h => h.At).HasDefaultValueSql("now()");
            hit.Property(h => h.Officer).HasMaxLength(Caller.MaximumNameLength);
            hit.Property(h => h.Dni).HasMaxLength(15);
            hit.HasIndex(h => new { h.Dni, h.Id });
            hit.HasIndex(h => new { h.Officer, h.Id });
            hit.HasIndex(h => h.At);
        });

        modelBuilder.Entity<Officer>(officer =>
        {
            officer.ToTable("officers", table =>
            {
                table.HasCheckConstraint("ck_officers_user_name", $"user_name ~ '{Officer.NamePattern}'");
                table.HasCheckConstraint("ck_officers_role", $"role IN ('{string.Join("', '", Roles.All)}')");
                table.HasCheckConstraint("ck_officers_way_in", "(password_hash IS NULL) <> (external_id IS NULL)");
            });
            officer.Property(o => o.UserName).HasMaxLength(Officer.MaximumNameLength).IsRequired();
            officer.Property(o => o.NormalizedUserName).HasMaxLength(Officer.MaximumNameLength).IsRequired();
            officer.Property(o => o.Role).HasMaxLength(20);
            officer.Property(o => o.ConcurrencyStamp).IsConcurrencyToken();
            officer.Property(o => o.CreatedAt).HasDefaultValueSql("now()");
            officer.HasIndex(o => o.NormalizedUserName).IsUnique();
            officer.HasIndex(o => o.ExternalId).IsUnique();
            // Identity properties that the desk does not use.
            officer.Ignore(o => o.Email).Ignore(o => o.NormalizedEmail).Ignore(o => o.EmailConfirmed);
            officer.Ignore(o => o.PhoneNumber)
                .Ignore(o => o.PhoneNumberConfirmed)
                .Ignore(o => o.TwoFactorEnabled)
                .Ignore(o => o.LockoutEnabled);
        });

        modelBuilder.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.Property(s => s.CreatedAt).HasDefaultValueSql("now()");
            session.Property(s => s.LastSeenAt).HasDefaultValueSql("now()");
            session.HasIndex(s => s.TokenHash).IsUnique();
            session.HasOne<Officer>().WithMany().HasForeignKey(s => s.OfficerId).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<SignInLink>(link =>
        {
            link.ToTable("sign_in_links");
            link.HasKey(l => l.TokenHash);
            link.HasOne<Officer>().WithMany().HasForeignKey(l => l.OfficerId).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<ApiKey>(key =>
        {
            key.ToTable("api_keys", table => table.HasCheckConstraint("ck_api_keys_name", $"name ~ '{Officer.NamePattern}'"));
            key.Property(k => k.Name).HasMaxLength(Officer.MaximumNameLength);
            key.Property(k => k.CreatedAt).HasDefaultValueSql("now()");
            key.HasIndex(k => k.Name).IsUnique();
            key.HasIndex(k => k.KeyHash).IsUnique();
        });

        modelBuilder.Entity<AuditLine>(line =>
        {
            line.ToTable("audit");
            line.Property(l => l.At).HasDefaultValueSql("now()");
            line.Property(l => l.Times).HasDefaultValue(1);
            line.HasIndex(l => l.At);
        });
    }
}
