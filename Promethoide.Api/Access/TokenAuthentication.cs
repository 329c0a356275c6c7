using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Promethoide.Api.Data;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Access;

/// <summary>Authenticates callers by <c>Authorization: Bearer</c>, with a session token or a service's key.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Tokens tokens,
    IOptions<AccessOptions> access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public new const string Scheme = "Bearer";

    private const string Prefix = $"{Scheme} ";
    private const int LongestHeader = 200;

    private static readonly AuthenticateResult NoToken = AuthenticateResult.NoResult();
    private static readonly AuthenticateResult BadToken = AuthenticateResult.Fail("The token is not good.");
    private static readonly AuthenticateResult Anonymous = Success(Caller.Anonymous);
    private static readonly AuthenticateResult WarmUp = Success(Caller.WarmUp);

    /// <summary>The request's token; null when there is none or it is malformed.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ Length: <= LongestHeader } header]
            && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Prefix.Length..].Trim()
            : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<WarmUpRequest>() is not null)
        {
            return WarmUp;
        }

        if (Context.GetEndpoint()?.Metadata.GetMetadata<AsksWhoCalls>() is null)
        {
            return NoToken;
        }

        if (Request.Headers.Authorization.Count == 0)
        {
            return access.Value.AllowAnonymous ? Anonymous : NoToken;
        }

        return TokenOf(Request) is { } token && await tokens.FindAsync(token, Context.RequestAborted) is { } caller
            ? Success(caller)
            : BadToken;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Scheme;
        return ProblemSetup.Of<SignInRequired>("Sign in, or show a key, in the header Authorization.").WriteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Context.User switch
    {
        Caller { Name: null } => HandleChallengeAsync(properties),
        Caller { Session.MustChangePassword: true } =>
            ProblemSetup.Of<PasswordChangeRequired>("Change your password first: somebody else has made the one you have.")
                .WriteAsync(Context),
        _ => ProblemSetup.Of<NotAllowed>("You are not allowed to do this.").WriteAsync(Context),
    };

    // One result per cached caller: nothing modifies it.
    private static AuthenticateResult Success(Caller caller) =>
        caller.Authenticated ??= AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme));
}
