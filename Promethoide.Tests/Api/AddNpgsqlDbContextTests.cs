using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Promethoide.Api.Data;

namespace Promethoide.Tests.Api;

/// <summary>What the API relies on, be it Aspire's package or the stand-in of <c>eng/without-aspire</c>: the same test is run with both.</summary>
public sealed class AddNpgsqlDbContextTests
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    [Fact]
    public void A_context_is_pooled_and_tries_again()
    {
        using var host = Build([new("ConnectionStrings:db", "Host=db")]);

        Assert.True(Context(host).Database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Same(FirstContext(), FirstContext());

        DbContext FirstContext()
        {
            using var scope = host.Services.CreateScope();
            return scope.ServiceProvider.GetRequiredService<PromethoideContext>();
        }
    }

    [Theory]
    [InlineData("general", $"{Section}:ConnectionString=Host=general")]
    [InlineData("named", $"{Section}:ConnectionString=Host=general", $"{Section}:db:ConnectionString=Host=named")]
    [InlineData("typed", $"{Section}:db:ConnectionString=Host=named", $"{Section}:PromethoideContext:ConnectionString=Host=typed")]
    [InlineData("db", $"{Section}:PromethoideContext:ConnectionString=Host=typed", "ConnectionStrings:db=Host=db")]
    public void The_connection_string_is_the_most_specific_one(string expected, params string[] settings)
    {
        using var host = Build(settings.Select(setting => setting.Split('=', 2)).Select(parts => new KeyValuePair<string, string?>(parts[0], parts[1])));

        Assert.Equal($"Host={expected}", Context(host).Database.GetConnectionString());
    }

    [Fact]
    public void Code_has_the_last_word_on_the_connection_string()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:db"] = "Host=db";
        builder.AddNpgsqlDbContext<PromethoideContext>("db", settings => settings.ConnectionString += ";Port=1");
        using var host = builder.Build();

        Assert.Equal("Host=db;Port=1", Context(host).Database.GetConnectionString());
    }

    [Fact]
    public void A_missing_connection_string_is_told_when_a_context_is_made_and_not_before()
    {
        using var host = Build([]);

        var missing = Assert.Throws<InvalidOperationException>(() => Context(host));
        Assert.StartsWith("ConnectionString is missing. It should be provided in 'ConnectionStrings:db'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_turn_parts_off()
    {
        using var host = Build(
        [
            new("ConnectionStrings:db", "Host=db"),
            new($"{Section}:DisableRetry", "true"),
            new($"{Section}:DisableHealthChecks", "true"),
            new($"{Section}:DisableTracing", "true"),
            new($"{Section}:DisableMetrics", "true"),
            new($"{Section}:CommandTimeout", "7"),
        ]);

        Assert.False(Context(host).Database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal(7, Context(host).Database.GetCommandTimeout());
        Assert.Null(host.Services.GetService<IOptions<HealthCheckServiceOptions>>()?.Value.Registrations.FirstOrDefault());
        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.Null(host.Services.GetService<MeterProvider>());
    }

    [Fact]
    public void Health_traces_and_metrics_are_on_by_default()
    {
        using var host = Build([new("ConnectionStrings:db", "Host=db")]);

        Assert.Equal(
            nameof(PromethoideContext), Assert.Single(host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations).Name);
        Assert.NotNull(host.Services.GetService<TracerProvider>());
        Assert.NotNull(host.Services.GetService<MeterProvider>());
    }

    [Fact]
    public void To_register_a_context_twice_is_a_mistake_that_shows_in_development()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.AddNpgsqlDbContext<PromethoideContext>("db");

        Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDbContext<PromethoideContext>("db"));
    }

    private static IHost Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddNpgsqlDbContext<PromethoideContext>("db");
        return builder.Build();
    }

    private static PromethoideContext Context(IHost host) => host.Services.CreateScope().ServiceProvider.GetRequiredService<PromethoideContext>();
}
