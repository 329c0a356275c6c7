using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Stands in for <c>Aspire.Npgsql.EntityFrameworkCore.PostgreSQL</c> on machines whose feed lacks Aspire: same signature, same configuration
/// keys, same behaviour.
/// </summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Registers a pooled <typeparamref name="TContext"/> with retries, a health check, traces and metrics.</summary>
    /// <param name="builder">The application to add it to.</param>
    /// <param name="connectionName">Names the connection string: <c>ConnectionStrings:{connectionName}</c>.</param>
    /// <param name="configureSettings">Has the last word on the settings, after the configuration.</param>
    /// <param name="configureDbContextOptions">Has the last word on the context's options.</param>
    /// <exception cref="InvalidOperationException">The context is registered already (seen in Development only), or, when the first
    /// context is made, there is no connection string.</exception>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null) where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        builder.EnsureNotRegistered<TContext>();

        var settings = builder.Configuration.ReadSettings<TContext>(connectionName);
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            // Only now, so that a missing connection string is reported when there is a logger, and design-time tools can do without.
            if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
            {
                throw new InvalidOperationException(
                    $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in " +
                    $"'{Section}' or '{Section}:{typeof(TContext).Name}' configuration section.");
            }

            options.UseNpgsql(settings.ConnectionString, npgsql =>
            {
                if (!settings.DisableRetry)
                {
                    npgsql.EnableRetryOnFailure();
                }

                if (settings.CommandTimeout is { } seconds)
                {
                    npgsql.CommandTimeout(seconds);
                }
            });
            configureDbContextOptions?.Invoke(options);
        });

        builder.Observe<TContext>(settings);
    }

    /// <summary>General section first, then the connection's, then the context's; <c>ConnectionStrings</c> wins over all of them.</summary>
    private static NpgsqlEntityFrameworkCorePostgreSQLSettings ReadSettings<TContext>(this IConfiguration configuration, string connectionName)
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        section.GetSection(typeof(TContext).Name).Bind(settings);
        settings.ConnectionString = configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        return settings;
    }

    private static void EnsureNotRegistered<TContext>(this IHostApplicationBuilder builder) where TContext : DbContext
    {
        if (builder.Environment.IsDevelopment() && builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>)))
        {
            throw new InvalidOperationException(
                $"DbContext<{typeof(TContext).Name}> is already registered. Please ensure 'services.AddDbContext<{typeof(TContext).Name}>()' is not " +
                $"used when calling '{nameof(AddNpgsqlDbContext)}()'.");
        }
    }

    private static void Observe<TContext>(this IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        // Two registrations of one check would make every health report fail.
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{typeof(TContext).Name}", true))
        {
            builder.Services.AddHealthChecks().AddDbContextCheck<TContext>();
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
        }
    }
}
