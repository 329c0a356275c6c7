using Microsoft.AspNetCore.Http.Features;

namespace Promethoide.Web.Hosting;

/// <summary>Protects the desk against the network around it. TLS, if any, ends in the proxy in front.</summary>
internal static class Safeguards
{
    public static void AddSafeguards(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<FormOptions>(options => options.ValueCountLimit = 32);

        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "antiforgery";
            options.Cookie.HttpOnly = true;
            // Not Strict: opened from a link on another site, a second tab would get a new cookie, and the open form in the first would be
            // rejected.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // At the last moment: the exception handler clears all headers before the error page is written.
        context.Response.OnStarting(static state =>
        {
            var response = ((HttpContext)state).Response;
            response.Headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'";
            response.Headers.XFrameOptions = "DENY";
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers["Referrer-Policy"] = "same-origin";
            response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
            response.Headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            if (response is { Headers.CacheControl.Count: 0, StatusCode: not StatusCodes.Status304NotModified }
                || response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) is true)
            {
                response.Headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = ErrorPath,
            CreateScopeForErrors = true,
        });
        // When Blazor rejects a form, the response is empty but has a content type, which hides it from the status pages. And the error
        // page expects GET: as a POST it would look for its own form.
        app.Use(async (context, next) =>
        {
            var method = context.Request.Method;
            await next(context);
            context.Request.Method = method;
        });
        app.UseStatusCodePagesWithReExecute(ErrorPath, createScopeForStatusCodePages: true);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
            {
                // A body that is malformed or breaks off is the client's fault: a status page, and no error in the log.
                context.Response.StatusCode = exception.StatusCode;
            }

            if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest } response)
            {
                response.ContentType = null;
                context.Request.Method = HttpMethods.Get;
            }
        });
    }

    internal const string ErrorPath = "/error";
}
