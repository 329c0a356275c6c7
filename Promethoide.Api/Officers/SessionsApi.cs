using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>Credentials for signing in.</summary>
public sealed record SignInRequest
{
    /// <summary>Case-insensitive.</summary>
    [Required(ErrorMessage = "Enter your user name."), StringLength(100, ErrorMessage = "A user name has at most 64 characters.")]
    public string? UserName { get; init; }

    /// <summary>The password, unchanged: spaces are not trimmed.</summary>
    [Required(ErrorMessage = "Enter your password."),
        StringLength(Passwords.MaximumLength, ErrorMessage = "A password has at most 128 characters.")]
    public string? Password { get; init; }
}

/// <summary>The token of a sign-in link.</summary>
public sealed record LinkRequest
{
    /// <summary>The link's <c>link</c> parameter.</summary>
    [Required(ErrorMessage = "Enter the link's token."), StringLength(100, ErrorMessage = "This is no link's token.")]
    public string? Token { get; init; }
}

/// <summary>A change of one's own password.</summary>
public sealed record PasswordRequest
{
    /// <summary>The current password.</summary>
    [Required(ErrorMessage = "Enter your current password."),
        StringLength(Passwords.MaximumLength, ErrorMessage = "A password has at most 128 characters.")]
    public string? CurrentPassword { get; init; }

    /// <summary>Any 12 to 128 characters; not a common password, and not one that contains the user name.</summary>
    [Required(ErrorMessage = "Enter a new password.")]
    public string? NewPassword { get; init; }
}

internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/sessions").WithTags("Officers");

        group.MapPost("/", SignInAsync).AllowAnonymous().TakesSmallJson()
            .WithName("sign_in")
            .WithSummary("Signs an officer in")
            .WithDescription("The answer's token goes with every request, in the header `Authorization: Bearer …`.");
        group.MapPost("/link", UseLinkAsync).AllowAnonymous().TakesSmallJson()
            .WithName("sign_in_by_link")
            .WithSummary("Signs an officer in by a link, once");

        group.MapGet("/current", State).Requires(Scopes.Session)
            .WithName("get_session")
            .WithSummary("Tells who is signed in, and until when");
        group.MapDelete("/current", SignOutAsync).Requires(Scopes.Session)
            .WithName("sign_out")
            .WithSummary("Signs the officer out");
        group.MapDelete("/", SignOutEverywhereAsync).Requires(Scopes.Session)
            .WithName("sign_out_everywhere")
            .WithSummary("Ends all sessions of the officer, this one included");
        group.MapPut("/current/password", ChangePasswordAsync).Requires(Scopes.Session).TakesSmallJson()
            .WithName("change_password")
            .WithSummary("Changes the officer's own password")
            .WithDescription("All other sessions of the officer end.");
    }

    private static async Task<Results<Created<SessionOpened>, Problem<SignInFailed>, Problem<TooManyRequests>>> SignInAsync(
        SignInRequest request, HttpContext http, SignIn signIn, SignInLimits limits, CancellationToken cancellationToken)
    {
        if (limits.Refuses(http, OfficerName.Normalise(request.UserName!)) is { } tooMany)
        {
            return tooMany;
        }

        return await signIn.ByPasswordAsync(request.UserName!, request.Password!, http.Connection.RemoteIpAddress, cancellationToken)
            is { } session
            ? Opened(session)
            : new Problem<SignInFailed>("The user name or the password is wrong.");
    }

    private static async Task<Results<Created<SessionOpened>, Problem<SignInFailed>, Problem<TooManyRequests>>> UseLinkAsync(
        LinkRequest request, HttpContext http, SignIn signIn, SignInLimits limits, CancellationToken cancellationToken)
    {
        if (limits.Refuses(http, name: null) is { } tooMany)
        {
            return tooMany;
        }

        return await signIn.ByLinkAsync(request.Token!, http.Connection.RemoteIpAddress, cancellationToken) is { } session
            ? Opened(session)
            : new Problem<SignInFailed>("This link has been used, or has expired.");
    }

    internal static Created<SessionOpened> Opened(SessionOpened session) => TypedResults.Created("/sessions/current", session);

    private static Ok<SessionState> State(Caller caller)
    {
        var session = caller.Session!;
        return TypedResults.Ok(new SessionState(
            caller.Name!, session.Role, session.MustChangePassword, session.HasPassword, session.StartedAt + Sessions.Shift));
    }

    private static Task<NoContent> SignOutAsync(
        Caller caller, HttpRequest http, DatabaseAccess database, Tokens tokens, CancellationToken cancellationToken) =>
        EndAsync(caller, session => session.Id == caller.Session!.Id, Outcomes.Done, http, database, tokens, cancellationToken);

    private static Task<NoContent> SignOutEverywhereAsync(
        Caller caller, HttpRequest http, DatabaseAccess database, Tokens tokens, CancellationToken cancellationToken) =>
        EndAsync(
            caller,
            session => session.OfficerId == caller.Session!.OfficerId,
            Outcomes.Everywhere,
            http,
            database,
            tokens,
            cancellationToken);

    private static async Task<NoContent> EndAsync(
        Caller caller,
        Expression<Func<Session, bool>> which,
        string outcome,
        HttpRequest http,
        DatabaseAccess database,
        Tokens tokens,
        CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            async (db, _, stop) =>
            {
                await db.AuditAsync(caller.Name, Actions.SignOut, caller.Name, outcome, client: null, stop);
                return await db.Sessions.Where(which).ExecuteDeleteAsync(stop);
            },
            cancellationToken);
        tokens.Forget(http);
        return TypedResults.NoContent();
    }

    private static async Task<Results<
        NoContent,
        Problem<InvalidRequest>,
        Problem<PasswordElsewhere>,
        Problem<TooManyRequests>>> ChangePasswordAsync(
        PasswordRequest request,
        Caller caller,
        HttpContext http,
        DatabaseAccess database,
        Passwords passwords,
        SignInLimits limits,
        Tokens tokens,
        CancellationToken cancellationToken)
    {
        if (!caller.Session!.HasPassword)
        {
            return new Problem<PasswordElsewhere>("Your password is at the provider of single sign-on: change it there.");
        }

        if (limits.Refuses(http, caller.Name) is { } tooMany)
        {
            return tooMany;
        }

        var officer = await database.ExecuteAsync(
            (db, _, stop) => db.Officers.FirstOrDefaultAsync(officer => officer.Id == caller.Session.OfficerId, stop), cancellationToken);
        if (!await passwords.VerifyAsync(officer, request.CurrentPassword!, cancellationToken))
        {
            return InvalidFields.Result("current_password", "This is not your current password.");
        }

        var fault = request.NewPassword == request.CurrentPassword
            ? "Choose another password than the one you have."
            : Passwords.Fault(request.NewPassword!, caller.Name!);
        if (fault is not null)
        {
            return InvalidFields.Result("new_password", fault);
        }

        var hash = await passwords.HashAsync(request.NewPassword!, cancellationToken);
        await database.ExecuteAsync<OfficerRegister, bool>(
            async (register, stop) =>
            {
                await register.ChangePasswordAsync(caller, hash, stop);
                return true;
            },
            cancellationToken);
        tokens.Forget(http.Request);
        return TypedResults.NoContent();
    }

    private static RouteHandlerBuilder TakesSmallJson(this RouteHandlerBuilder endpoint) =>
        endpoint.TakesJsonOnly().MayAnswer<InvalidRequest>().MayAnswer<PayloadTooLarge>();
}
