namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>How <c>AddNpgsqlDbContext</c> connects; same names and defaults as in Aspire's package.</summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{name}</c> takes precedence over the settings' section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True: a failed database operation is not tried again. Default: false.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>True: no health check is added. Default: false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True: Npgsql's traces are not collected. Default: false.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>True: Npgsql's metrics are not collected. Default: false.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Time a command may take, in seconds; null: Npgsql's default (30).</summary>
    public int? CommandTimeout { get; set; }
}
