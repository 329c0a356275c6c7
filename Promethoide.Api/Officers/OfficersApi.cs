using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>A new officer.</summary>
public sealed record OfficerRequest
{
    /// <summary>1–64 of a–z, 0–9, dot, underscore, hyphen and @; case-insensitive.</summary>
    [Required(ErrorMessage = "Enter a user name.")]
    public string? UserName { get; init; }

    /// <summary><c>officer</c> (the default) or <c>supervisor</c>.</summary>
    public string? Role { get; init; }
}

/// <summary>A generated password. It is shown once, and has to be changed at the next sign-in.</summary>
public sealed record FirstPassword(string UserName, string Password);

/// <summary>All officers, by name.</summary>
public sealed record OfficerList(IReadOnlyList<OfficerListed> Items);

internal static class OfficersApi
{
    public static void MapOfficers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/officers").Requires(Scopes.Supervise).WithTags("Officers");

        group.MapGet("/", ListAsync)
            .WithName("list_officers")
            .WithSummary("Lists who may sign in");
        group.MapPost("/", AddAsync).TakesJsonOnly().MayAnswer<PayloadTooLarge>()
            .WithName("add_officer")
            .WithSummary("Adds an officer, with a generated password");
        group.MapPost("/{user_name}/lock", LockAsync)
            .WithName("lock_officer")
            .WithSummary("Locks an officer out, and ends the officer's sessions");
        group.MapPost("/{user_name}/unlock", UnlockAsync)
            .WithName("unlock_officer")
            .WithSummary("Lets an officer in again");
        group.MapPost("/{user_name}/reset", ResetAsync)
            .WithName("reset_officer")
            .WithSummary("Gives an officer a new generated password, and ends the officer's sessions");
        group.MapDelete("/{user_name}", RemoveAsync)
            .WithName("remove_officer")
            .WithSummary("Removes an officer; what the officer decided stays");
    }

    private static async Task<Ok<OfficerList>> ListAsync(DatabaseAccess database, CancellationToken cancellationToken) =>
        TypedResults.Ok(new OfficerList(await database.ExecuteAsync<OfficerRegister, List<OfficerListed>>(
            (register, stop) => register.ListAsync(stop), cancellationToken)));

    private static async Task<Results<Created<FirstPassword>, Problem<InvalidRequest>, Problem<OfficerExists>>> AddAsync(
        OfficerRequest request, Caller caller, DatabaseAccess database, Passwords passwords, CancellationToken cancellationToken)
    {
        var (name, role) = (OfficerName.Normalise(request.UserName!), request.Role ?? Roles.Officer);
        var wrong = new Dictionary<string, string>();
        if (!OfficerName.IsValid(name))
        {
            wrong["user_name"] = OfficerName.Rule;
        }

        if (!Roles.All.Contains(role))
        {
            wrong["role"] = $"Use one of {string.Join(", ", Roles.All)}.";
        }

        if (wrong.Count > 0)
        {
            return InvalidFields.Result(wrong);
        }

        var password = Secret.NewPassword();
        var hash = await passwords.HashAsync(password, cancellationToken);
        return await database.ExecuteAsync<OfficerRegister, RegisterOutcome>(
            (register, stop) => register.AddAsync(caller.Name!, name, role, hash, stop), cancellationToken)
            is RegisterOutcome.Done
                ? TypedResults.Created("/officers", new FirstPassword(name, password))
                : new Problem<OfficerExists>("There is an officer of this name already.");
    }

    private static async Task<Results<NoContent, Problem<OfficerNotFound>, Problem<LastSupervisor>>> LockAsync(
        [FromRoute(Name = "user_name")] string userName, Caller caller, DatabaseAccess database, CancellationToken cancellationToken) =>
        await database.ExecuteAsync<OfficerRegister, RegisterOutcome>(
            (register, stop) => register.LockAsync(caller.Name!, OfficerName.Normalise(userName), stop), cancellationToken) switch
        {
            RegisterOutcome.Done => TypedResults.NoContent(),
            RegisterOutcome.LastSupervisor => NobodyLeft,
            _ => Unknown,
        };

    private static async Task<Results<NoContent, Problem<OfficerNotFound>>> UnlockAsync(
        [FromRoute(Name = "user_name")] string userName, Caller caller, DatabaseAccess database, CancellationToken cancellationToken) =>
        await database.ExecuteAsync<OfficerRegister, RegisterOutcome>(
            (register, stop) => register.UnlockAsync(caller.Name!, OfficerName.Normalise(userName), stop), cancellationToken) switch
        {
            RegisterOutcome.Done => TypedResults.NoContent(),
            _ => Unknown,
        };

    private static async Task<Results<Ok<FirstPassword>, Problem<OfficerNotFound>, Problem<PasswordElsewhere>>> ResetAsync(
        [FromRoute(Name = "user_name")] string userName,
        Caller caller,
        DatabaseAccess database,
        Passwords passwords,
        CancellationToken cancellationToken)
    {
        var (name, password) = (OfficerName.Normalise(userName), Secret.NewPassword());
        var hash = await passwords.HashAsync(password, cancellationToken);
        return await database.ExecuteAsync<OfficerRegister, RegisterOutcome>(
            (register, stop) => register.ResetAsync(caller.Name!, name, hash, stop), cancellationToken) switch
        {
            RegisterOutcome.Done => TypedResults.Ok(new FirstPassword(name, password)),
            RegisterOutcome.SingleSignOn => new Problem<PasswordElsewhere>("This officer's password is at the provider of single sign-on."),
            _ => Unknown,
        };
    }

    private static async Task<Results<NoContent, Problem<OfficerNotFound>, Problem<LastSupervisor>>> RemoveAsync(
        [FromRoute(Name = "user_name")] string userName, Caller caller, DatabaseAccess database, CancellationToken cancellationToken) =>
        await database.ExecuteAsync<OfficerRegister, RegisterOutcome>(
            (register, stop) => register.RemoveAsync(caller.Name!, OfficerName.Normalise(userName), stop), cancellationToken) switch
        {
            RegisterOutcome.Done => TypedResults.NoContent(),
            RegisterOutcome.LastSupervisor => NobodyLeft,
            _ => Unknown,
        };

    private static Problem<OfficerNotFound> Unknown => new("There is no officer of this name.");

    private static Problem<LastSupervisor> NobodyLeft => new("This is the last supervisor: nobody could manage officers any more.");
}
