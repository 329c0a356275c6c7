namespace Promethoide.AppHost;

/// <summary>PostgreSQL as a container.</summary>
internal static class PostgresContainer
{
    public static IResourceBuilder<PostgresServerResource> AddPostgresContainer(
        this IDistributedApplicationBuilder builder,
        string name,
        int port,
        DatabaseSettings settings,
        IResourceBuilder<ParameterResource> password)
    {
        // The image creates the database named by this variable and then runs the script in it; Aspire would create it only after the
        // script.
        var postgres = builder.AddPostgres(name, settings.User, password, port)
            .WithImage(ContainerImages.Postgres)
            // Collects statistics for each statement. Utility commands are not tracked: ALTER ROLE contains a password.
            .WithArgs("-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.track_utility=off")
            .WithEnvironment("POSTGRES_DB", settings.Name)
            .WithEnvironment(DatabaseSettings.ApiPasswordVariable, settings.ApiPassword)
            .WithEnvironment(DatabaseSettings.MonitorPasswordVariable, settings.MonitorPassword)
            .WithBindMount(DatabaseSettings.Roles, "/docker-entrypoint-initdb.d/roles.sql", isReadOnly: true);
        // Aspire's connection string does not quote its values; the check of the owner's login does.
        foreach (var check in postgres.Resource.Annotations.OfType<HealthCheckAnnotation>().ToList())
        {
            postgres.Resource.Annotations.Remove(check);
        }

        return builder.State().IsEphemeral ? postgres : postgres.WithDataVolume(ComponentExtensions.VolumeOf(name));
    }
}
