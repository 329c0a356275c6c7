using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Promethoide.Web.Hosting;
using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;
using Promethoide.Web.SignIn;

namespace Promethoide.Web.Components.Pages;

/// <summary>Where officers sign in: with name and password, with a one-time link, or at an identity provider.</summary>
public partial class SignInPage
{
    public const string SignInAction = "sign-in";

    private const string FormName = "sign-in";

    private Look _look;
    private SignInNotice _notice;
    private UnfinishedForm? _unfinished;
    private string _returnPath = "/";
    private string _userName = "";

    // Nothing is shown until the look is known: a form's token belongs to the user for whom the form was first rendered.
    private enum Look
    {
        Nothing,
        Form,

        /// <summary>Signed in, with what was typed at the desk before.</summary>
        Unfinished,
        Away,
    }

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    [SupplyParameterFromQuery(Name = ReturnPath.Parameter)]
    public string? AskedReturn { get; set; }

    [SupplyParameterFromQuery(Name = "link")]
    public string? AskedLink { get; set; }

    [SupplyParameterFromQuery(Name = "notice")]
    public string? AskedNotice { get; set; }

    [SupplyParameterFromForm(Name = "return_url")]
    public string? SentReturn { get; set; }

    [SupplyParameterFromForm(Name = "user_name")]
    public string? SentUserName { get; set; }

    [SupplyParameterFromForm(Name = "password")]
    public string? SentPassword { get; set; }

    [SupplyParameterFromForm(Name = "action")]
    public string? SentAction { get; set; }

    [Inject]
    private RestApiClient Api { get; set; } = null!;

    [Inject]
    private IConfiguration Configuration { get; set; } = null!;

    [Inject]
    private ILogger<SignInPage> Logger { get; set; } = null!;

    private string Provider => SingleSignOn.Name(Configuration) ?? Texts.SignIn_Provider;

    private string SingleSignOnLink => SingleSignOn.Path + QueryString.Create(ReturnPath.Parameter, _returnPath);

    private string? Notice => _notice switch
    {
        SignInNotice.None => null,
        SignInNotice.Ended => _unfinished is null ? Texts.SignIn_Ended : Texts.SignIn_EndedKept,
        SignInNotice.SignedOut =>
            SingleSignOn.IsConfigured(Configuration) ? Formats.Text(Texts.SignIn_SignedOutDesk, Provider) : Texts.SignIn_SignedOut,
        SignInNotice.Failed => Texts.SignIn_Failed,
        SignInNotice.TooMany => Texts.SignIn_Wait,
        SignInNotice.LinkUsed => Texts.SignIn_LinkUsed,
        SignInNotice.NoRole => Texts.SignIn_NoRole,
        SignInNotice.ProviderFailed => Formats.Text(Texts.SignIn_ProviderFailed, Provider),
        _ => Texts.SignIn_Unavailable,
    };

    protected override async Task OnInitializedAsync()
    {
        _look = await RespondAsync();
    }

    private static void OnSubmit()
    {
        // The form was handled before rendering started.
    }

    private async Task<Look> RespondAsync()
    {
        if (Http.Features.Get<UnfinishedForm>() is { } unfinished)
        {
            (_unfinished, _notice) = (unfinished, SignInNotice.Ended);
            Http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Look.Form;
        }

        if (HttpMethods.IsPost(Http.Request.Method))
        {
            _returnPath = ReturnPath.Of(SentReturn);
            _userName = SentUserName?.Trim() ?? "";
            _unfinished = UnfinishedForm.In(Http.Request.Form, UnfinishedForm.Prefix);
            // Otherwise the language was switched.
            return SentAction == SignInAction ? await SignInAsync(Api.SignInAsync(_userName, SentPassword ?? "")) : Look.Form;
        }

        _returnPath = ReturnPath.Of(AskedReturn);
        _notice = Enum.TryParse<SignInNotice>(AskedNotice, out var notice) && Enum.IsDefined(notice) ? notice : SignInNotice.None;
        if (AskedLink is { Length: > 0 } && OpensPage())
        {
            return await SignInAsync(Api.SignInByLinkAsync(AskedLink));
        }

        if ((await Http.AuthenticateAsync()).Succeeded)
        {
            Http.Response.Redirect(_returnPath);
            return Look.Away;
        }

        return Look.Form;
    }

    // A link signs in once: not for a client that only checks whether the page exists, or prefetches it.
    private bool OpensPage() =>
        HttpMethods.IsGet(Http.Request.Method)
            && !Http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);

    private async Task<Look> SignInAsync(Task<Answer<Session>> attempt)
    {
        try
        {
            var answer = await attempt;
            if (answer.Value is { } session)
            {
                await DeskSession.StartAsync(Http, session);
                if (_unfinished is not null && !session.MustChangePassword)
                {
                    return Look.Unfinished;
                }

                Http.Response.Redirect(_returnPath);
                return Look.Away;
            }

            // Not 401, which has to name a scheme that browsers know. Still an error: it tells password managers that the sign-in failed.
            (_notice, Http.Response.StatusCode) = answer.Problem switch
            {
                ProblemCodes.TooManyRequests => (SignInNotice.TooMany, StatusCodes.Status429TooManyRequests),
                _ when AskedLink is not null => (SignInNotice.LinkUsed, StatusCodes.Status410Gone),
                _ => (SignInNotice.Failed, StatusCodes.Status422UnprocessableEntity),
            };
        }
        catch (RestApiUnavailableException e)
        {
            LogUnavailable(e.Message);
            (_notice, Http.Response.StatusCode) = (SignInNotice.Unavailable, StatusCodes.Status503ServiceUnavailable);
        }

        return Look.Form;
    }

    [LoggerMessage(LogLevel.Warning, "Nobody can sign in while the API is away: {Reason}")]
    private partial void LogUnavailable(string reason);
}
