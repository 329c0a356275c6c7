using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Immigration;

namespace Promethoide.Api.Data;

/// <summary>The four tables. What a request may contain is checked by the API; the constraints here say the same to everybody else.</summary>
public sealed class PromethoideContext(DbContextOptions<PromethoideContext> options) : DbContext(options)
{
    // PostgreSQL's regular expressions: no control characters (C0, DEL, C1), whatever the database's locale calls one.
    private const string Printable = @"!~ '[\u0001-\u001F\u007F-\u009F]'";
    private const string Document = "~ '^[A-Z0-9]{1,15}$'";
    private const string FlightCode = "~ '^[A-Z0-9]{1,10}$'";

    /// <summary>Whom Interpol looks for.</summary>
    public DbSet<WantedPerson> Interpol => Set<WantedPerson>();

    /// <summary>Known flights.</summary>
    public DbSet<Flight> Flights => Set<Flight>();

    /// <summary>Who was admitted.</summary>
    public DbSet<ImmigrationEntry> Immigration => Set<ImmigrationEntry>();

    /// <summary>Who was refused.</summary>
    public DbSet<Refusal> Refusals => Set<Refusal>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);

        // ALWAYS: the right to insert is enough to draw an id; a sequence of its own would need another grant.
        modelBuilder.UseIdentityAlwaysColumns();

        modelBuilder.Entity<WantedPerson>(person =>
        {
            person.ToTable("interpol", table => table.HasCheckConstraint("ck_interpol_dni", "dni ~ '^[A-Z0-9_]{1,15}$'"));
            person.Property(p => p.Name).HasMaxLength(100);
            person.Property(p => p.Dni).HasMaxLength(15);
            person.HasIndex(p => p.Dni).IsUnique();
        });

        modelBuilder.Entity<Flight>(flight =>
        {
            flight.ToTable("flights", table => table.HasCheckConstraint("ck_flights_flight_number", $"flight_number {FlightCode}"));
            flight.Property(f => f.FlightNumber).HasMaxLength(10);
            flight.Property(f => f.Airline).HasMaxLength(100);
            flight.Property(f => f.Origin).HasMaxLength(100);
            flight.Property(f => f.Destination).HasMaxLength(100);
            flight.HasIndex(f => f.FlightNumber).IsUnique();
        });

        // No foreign key to flights: a flight leaves the schedule, the decisions about its passengers stay.
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
            });
            entry.Property(e => e.Name).HasMaxLength(100);
            entry.Property(e => e.Dni).HasMaxLength(15);
            entry.Property(e => e.Lodging).HasMaxLength(255);
            entry.Property(e => e.DeclaredMoney).HasPrecision(15, 2);
            entry.Property(e => e.FlightNumber).HasMaxLength(10);
            entry.Property(e => e.StayDays).HasDefaultValue(1);
            entry.Property(e => e.CreatedAt).HasDefaultValueSql("now()");
            entry.HasIndex(e => new { e.Dni, e.FlightNumber }).IsUnique();
            entry.HasIndex(e => new { e.FlightNumber, e.Id });
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
                table.HasCheckConstraint("ck_refusals_reason", $"reason IN ('{string.Join("', '", RefusalReasons.All)}')");
            });
            refusal.Property(r => r.Name).HasMaxLength(100);
            refusal.Property(r => r.Dni).HasMaxLength(15);
            refusal.Property(r => r.FlightNumber).HasMaxLength(10);
            refusal.Property(r => r.Lodging).HasMaxLength(255);
            refusal.Property(r => r.DeclaredMoney).HasPrecision(15, 2);
            refusal.Property(r => r.StayDays).HasDefaultValue(1);
            refusal.Property(r => r.Reason).HasMaxLength(40);
            refusal.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
            refusal.HasIndex(r => new { r.Dni, r.Id });
            refusal.HasIndex(r => new { r.FlightNumber, r.Id });
        });
    }
}
