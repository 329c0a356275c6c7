using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Promethoide.Web.Hosting;

/// <summary>Spanish unless the reader's browser prefers English or the reader has chosen; a cookie remembers the choice.</summary>
internal static class Languages
{
    public const string Field = "language";

    private const string Cookie = "language";

    public static IReadOnlyList<CultureInfo> Supported { get; } = [CultureInfo.GetCultureInfo("es"), CultureInfo.GetCultureInfo("en")];

    public static void AddLanguages(this IServiceCollection services) => services.Configure<RequestLocalizationOptions>(options =>
    {
        options.DefaultRequestCulture = new RequestCulture(Supported[0]);
        options.SupportedCultures = [.. Supported];
        options.SupportedUICultures = [.. Supported];
        options.ApplyCurrentCultureToResponseHeaders = true;
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(ChosenNowAsync),
            new CustomRequestCultureProvider(context => Task.FromResult(Known(context.Request.Cookies[Cookie]))),
            new AcceptLanguageHeaderRequestCultureProvider(),
        ];
    });

    // The switch submits the page's own form, so that typed text survives the change of language.
    private static async Task<ProviderCultureResult?> ChosenNowAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasFormContentType)
        {
            return null;
        }

        string? choice;
        try
        {
            choice = (await context.Request.ReadFormAsync(context.RequestAborted))[Field];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // The request's handler reads the form again and reports the error.
            return null;
        }

        var result = Known(choice);
        if (result is not null)
        {
            context.Response.Cookies.Append(Cookie, choice!, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
            });
        }

        return result;
    }

    private static ProviderCultureResult? Known(string? name) =>
        Supported.Any(culture => culture.Name == name) ? new ProviderCultureResult(name) : null;
}
