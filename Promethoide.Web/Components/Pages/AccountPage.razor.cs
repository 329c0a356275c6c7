using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;
using Promethoide.Web.SignIn;

namespace Promethoide.Web.Components.Pages;

/// <summary>An officer's own password and sessions.</summary>
public partial class AccountPage
{
    public const string ChangeAction = "change-password";
    public const string EverywhereAction = "sign-out-everywhere";

    private const int ShortestPassword = 12;
    private const int LongestPassword = 128;
    private const string CurrentField = "current_password";
    private const string NewField = "new_password";

    private readonly Dictionary<string, string> _errors = [];
    private string? _notice;

    [SupplyParameterFromForm(Name = CurrentField)]
    public string? SentCurrent { get; set; }

    [SupplyParameterFromForm(Name = NewField)]
    public string? SentNew { get; set; }

    [SupplyParameterFromForm(Name = "action")]
    public string? SentAction { get; set; }

    [Inject]
    private SessionCheck Sessions { get; set; } = null!;

    private Task SubmitAsync() => AskAsync(async () =>
    {
        switch (SentAction)
        {
            case ChangeAction when Officer.HasPassword:
                await ChangeAsync(SentCurrent ?? "", SentNew ?? "");
                break;
            case EverywhereAction:
                await Api.SignOutEverywhereAsync();
                Sessions.Forget(Http);
                await Http.SignOutAsync(DeskSession.Scheme);
                Http.Response.Redirect($"{SignInGate.SignInPath}?notice={SignInNotice.SignedOut}");
                break;
        }
    });

    private async Task ChangeAsync(string current, string next)
    {
        if (current.Length == 0)
        {
            _errors[CurrentField] = Texts.Account_CurrentMissing;
        }

        if (next.Length is < ShortestPassword or > LongestPassword)
        {
            _errors[NewField] = next.Length < ShortestPassword ? Texts.Account_NewTooShort : Texts.Account_NewTooLong;
        }

        if (_errors.Count == 0)
        {
            var answer = await Api.ChangePasswordAsync(current, next);
            if (answer.Value)
            {
                var led = Officer.MustChangePassword;
                Sessions.Forget(Http);
                await DeskSession.KeepChangedPasswordAsync(Http, Officer);
                _notice = Texts.Account_Changed;
                if (led)
                {
                    Http.Response.Redirect("/");
                }

                return;
            }

            if (answer.Problem == ProblemCodes.TooManyRequests)
            {
                _notice = Texts.SignIn_Wait;
                Http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }

            foreach (var field in answer.Fields ?? [])
            {
                _errors[field] = field == CurrentField ? Texts.Account_CurrentWrong : Texts.Account_NewRefused;
            }
        }

        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }

    private string? Error(string field) => _errors.GetValueOrDefault(field);
}
