using Npgsql;

namespace Promethoide.AppHost;

/// <summary>The network's own PostgreSQL server, as a container or as a process.</summary>
internal static class OwnServer
{
    // Aspire's name for it.
    public const string Endpoint = "tcp";

    private const string Password = "postgres-password";
    private const string WhatToDo = "Give that one as POSTGRES_PASSWORD; if nobody knows it, docs/operations.md tells how to set another";

    public static Database AddOwnServer(this IDistributedApplicationBuilder builder, string name, int port, DatabaseSettings settings)
    {
        var data = builder.RunsContainers() ? $"the volume {ComponentExtensions.VolumeOf(name)}" : builder.State().Combine(name);
        var password = builder.AddOwnerPassword(name, data);
        IResourceBuilder<IResourceWithEndpoints> server = builder.RunsContainers()
            ? builder.AddPostgresContainer(name, port, settings, password)
            : builder.AddPostgresProcess(name, port, settings, password);

        var address = server.GetEndpoint(Endpoint);
        var there = $"Database={ConnectionStringValue.Quote(settings.Name)}";
        var owner = Login(settings.User, password);
        server.WithLoginCheck(
            owner,
            $"PostgreSQL refuses the password of the database's owner: what is given or stored is not what the data in {data} were made "
            + $"with. {WhatToDo}");
        server.OnResourceReady(async (_, _, cancellationToken) =>
        {
            await AlignAsync(owner, Database.ApiRole, settings.ApiPassword.Resource, cancellationToken);
            await AlignAsync(owner, Database.MonitorRole, settings.MonitorPassword.Resource, cancellationToken);
        });

        var ownerConnection = builder.AddConnectionString(Database.ConnectionName, owner)
            .WaitFor(server)
            .WithPsqlService()
            .WithParentRelationship(server);
        var api = ReferenceExpression.Create(
            $"{Server()};Username={Database.ApiRole};Password={new ConnectionStringValue(settings.ApiPassword.Resource)};{there}");
        return new()
        {
            Owner = ownerConnection,
            Api = builder.AddConnectionString($"{Database.ConnectionName}-api", api)
                .WithParentRelationship(ownerConnection)
                .WithIconName("PlugConnected"),
            Server = server,
            UriForComponents = ReferenceExpression.Create(
                $"{address.Property(EndpointProperty.HostAndPort)}/{Uri.EscapeDataString(settings.Name)}?sslmode=disable"),
            MonitorPassword = settings.MonitorPassword,
        };

        ReferenceExpression Server() =>
            ReferenceExpression.Create($"Host={address.Property(EndpointProperty.Host)};Port={address.Property(EndpointProperty.Port)}");

        ReferenceExpression Login(IResourceBuilder<ParameterResource> user, IResourceBuilder<ParameterResource> secret) =>
            ReferenceExpression.Create(
                $"{Server()};Username={new ConnectionStringValue(user.Resource)};"
                + $"Password={new ConnectionStringValue(secret.Resource)};{there}");
    }

    // Generated only along with new data; existing data already have a password.
    private static IResourceBuilder<ParameterResource> AddOwnerPassword(
        this IDistributedApplicationBuilder builder, string name, string data)
    {
        if (builder.State().IsEphemeral || builder.Given(Password) is not null || !HasData())
        {
            return builder.AddSecret(
                Password, "The password of the database's owner. The server takes it when its data are new, and keeps it.");
        }

        throw new DistributedApplicationException(
            $"PostgreSQL's data in {data} have a password that is neither given nor stored here. {WhatToDo}.");

        bool HasData() =>
            builder.RunsContainers()
                ? ContainerEngine.HasVolume(ComponentExtensions.VolumeOf(name))
                : PostgresProcess.HasData(builder.State(), name);
    }

    // Nobody else uses these roles on the network's own server: a role whose password was lost gets a new one.
    private static async Task AlignAsync(
        ReferenceExpression owner, string role, ParameterResource parameter, CancellationToken cancellationToken)
    {
        var password = await parameter.GetValueAsync(cancellationToken);
        var login = new NpgsqlConnectionStringBuilder(await owner.GetValueAsync(cancellationToken)) { Pooling = false };
        try
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(login.ConnectionString) { Username = role, Password = password }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            await using var connection = new NpgsqlConnection(login.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            // ALTER ROLE takes no parameters, so the server quotes the values.
            await using var alter = new NpgsqlCommand(
                "SELECT set_config('promethoide.role', $1, false), set_config('promethoide.password', $2, false)", connection)
            {
                Parameters = { new() { Value = role }, new() { Value = password } },
            };
            await alter.ExecuteNonQueryAsync(cancellationToken);
            alter.Parameters.Clear();
            alter.CommandText =
                "DO $$ BEGIN EXECUTE format('ALTER ROLE %I PASSWORD %L', current_setting('promethoide.role'), "
                + "current_setting('promethoide.password')); END $$";
            await alter.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
