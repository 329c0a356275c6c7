using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

/// <summary>
/// Leads users without a valid session to the sign-in page: by a redirect, or in place of the response to a form of the desk, with what was
/// typed. Also leads officers who must change their password to the account page.
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

    // A page's call to the API revealed what the session check did not know yet.
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
                    // The same form again, now without a session. A page that has begun to render leaves too much state behind for another
                    // one to take its place.
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

    // Browsers report where a form comes from. One from another site brings no cookie, even while the officer is signed in, but its own
    // text.
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
            // Too large or incomplete: nothing that the desk could show again.
            return null;
        }
    }

    // As the status pages do: another page, in its own scope, under the same address.
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
