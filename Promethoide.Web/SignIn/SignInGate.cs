using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

/// <summary>
/// Leads to the sign-in page whoever has no session, or no longer: by a redirect, or in place of an answer to a form of the desk, with what
/// was typed. Also leads to the account page who has to change the password first.
/// </summary>
internal sealed class SignInGate(RequestDelegate next, SessionCheck sessions, IServiceScopeFactory scopes)
{
    public const string SignInPath = "/sign-in";
    public const string AccountPath = "/account";

    public async Task InvokeAsync(HttpContext context)
    {
        var ended = context.Request.Cookies.ContainsKey(DeskSession.Scheme);
        try
        {
            await next(context);
        }
        catch (SessionRefusedException e) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, e.Code);
        }

        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status401Unauthorized })
        {
            await LeadToSignInAsync(context, ended);
        }
    }

    // The page asked the API for something and learned what the session check did not know yet.
    private async Task AnswerAsync(HttpContext context, string code)
    {
        sessions.Forget(context);
        context.Response.ContentType = null;
        switch (code)
        {
            case ProblemCodes.SignInRequired:
                await context.SignOutAsync(DeskSession.Scheme);
                if (IsDeskForm(context.Request))
                {
                    // The same form again, now without a session. A page that has begun leaves too much behind for another one to take its
                    // place.
                    context.Response.Redirect("/", permanent: false, preserveMethod: true);
                }
                else
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                }

                break;
            case ProblemCodes.PasswordChangeRequired:
                context.Response.Redirect(AccountPath);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                break;
        }
    }

    private async Task LeadToSignInAsync(HttpContext context, bool ended)
    {
        var request = context.Request;
        if (IsDeskForm(request) && IsOurs(request) && await UnfinishedAsync(request) is { } unfinished)
        {
            await ShowSignInAsync(context, unfinished);
            return;
        }

        var read = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var path = request.Path.ToUriComponent() + (read ? request.QueryString.ToUriComponent() : "");
        var query = path == "/" ? QueryString.Empty : QueryString.Create(ReturnPath.Parameter, path);
        context.Response.Redirect(SignInPath + (ended ? query.Add("notice", nameof(SignInNotice.Ended)) : query));
    }

    private static bool IsDeskForm(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path == "/";

    // Browsers say where a form comes from. One of another site brings no cookie, even while the officer is signed in, and words of its
    // own.
    private static bool IsOurs(HttpRequest request) =>
        request.Headers.Origin is not [{ } origin]
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);

    private static async Task<UnfinishedForm?> UnfinishedAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? UnfinishedForm.In(await request.ReadFormAsync(request.HttpContext.RequestAborted)) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // Too large, or not all of it came: nothing that the desk could show again.
            return null;
        }
    }

    // As the status pages do it: another page, in a scope of its own, under the same address.
    private async Task ShowSignInAsync(HttpContext context, UnfinishedForm unfinished)
    {
        var (method, path, query, services) = (
            context.Request.Method,
            context.Request.Path,
            context.Request.QueryString,
            context.RequestServices);
        await using var scope = scopes.CreateAsyncScope();
        context.Features.Set(unfinished);
        context.SetEndpoint(null);
        context.Features.Get<IRouteValuesFeature>()?.RouteValues?.Clear();
        context.RequestServices = scope.ServiceProvider;
        (context.Request.Method, context.Request.Path, context.Request.QueryString) = (HttpMethods.Get, SignInPath, QueryString.Empty);
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestServices = services;
            (context.Request.Method, context.Request.Path, context.Request.QueryString) = (method, path, query);
        }
    }
}
