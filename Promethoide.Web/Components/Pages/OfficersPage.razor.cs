using Microsoft.AspNetCore.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.Hosting;
using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Pages;

/// <summary>Manages officers, for supervisors. A generated password appears only in the response to the form that requested it.</summary>
public partial class OfficersPage
{
    private const string AddAction = "add";
    private const string LockAction = "lock";
    private const string UnlockAction = "unlock";
    private const string ResetAction = "reset";
    private const string RemoveAction = "remove";

    // Prefix of an action that the supervisor has confirmed.
    private const string Sure = "sure-";

    private IReadOnlyList<Officer>? _officers;
    private (string Action, string UserName)? _asked;
    private IssuedPassword? _issued;
    private string? _notice;
    private string? _userNameError;
    private string _userName = "";
    private string _role = Roles.Officer;

    [SupplyParameterFromForm(Name = "user_name")]
    public string? SentUserName { get; set; }

    [SupplyParameterFromForm(Name = "role")]
    public string? SentRole { get; set; }

    [SupplyParameterFromForm(Name = "action")]
    public string? SentAction { get; set; }

    protected override Task OnInitializedAsync()
    {
        (_userName, _role) = (SentUserName?.Trim() ?? "", SentRole == Roles.Supervisor ? Roles.Supervisor : Roles.Officer);
        return AskAsync(async () =>
        {
            await ActAsync(SentAction?.Split(':', 2) ?? []);
            _officers = await Api.ListOfficersAsync();
        });
    }

    private static void OnSubmit()
    {
        // The form was handled before rendering started.
    }

    private async Task ActAsync(string[] action)
    {
        switch (action)
        {
            case [AddAction]:
                await AddAsync();
                break;
            case [LockAction, var name]:
                Tell(await Api.LockOfficerAsync(name), name, Texts.Officers_Locked);
                break;
            case [UnlockAction, var name]:
                Tell(await Api.UnlockOfficerAsync(name), name, Texts.Officers_Unlocked);
                break;
            case [ResetAction or RemoveAction, var name]:
                _asked = (action[0], name);
                break;
            case [Sure + ResetAction, var name]:
                var reset = await Api.ResetOfficerAsync(name);
                _issued = reset.Value;
                Tell(reset, name, null);
                break;
            case [Sure + RemoveAction, var name]:
                Tell(await Api.RemoveOfficerAsync(name), name, Texts.Officers_Removed);
                break;
        }
    }

    private async Task AddAsync()
    {
        if (Reading.UserName(_userName) is not { } name)
        {
            _userNameError = Texts.UserName_Unreadable;
            Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }

        var answer = await Api.AddOfficerAsync(name, _role);
        _issued = answer.Value;
        if (_issued is not null)
        {
            (_userName, _role) = ("", Roles.Officer);
            return;
        }

        _userNameError = answer.Problem == ProblemCodes.OfficerExists ? Texts.UserName_Taken : Texts.UserName_Unreadable;
        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }

    private void Tell<T>(Answer<T> answer, string name, string? done)
    {
        var text = answer.Problem switch
        {
            null => done,
            ProblemCodes.LastSupervisor => Texts.Officers_LastSupervisor,
            ProblemCodes.SingleSignOn => Texts.Officers_NoPassword,
            ProblemCodes.TooManyRequests => Texts.SignIn_Wait,
            _ => Texts.Officers_NotFound,
        };
        _notice = text is null ? null : Formats.Text(text, name);
        if (answer.Problem is not null)
        {
            Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
    }

    private static string State(Officer officer) => officer switch
    {
        { Locked: true } => Texts.Officer_IsLocked,
        { SingleSignOn: true } => Texts.Officer_SingleSignOn,
        { MustChangePassword: true } => Texts.Officer_MustChange,
        _ => Texts.Officer_Active,
    };

    private static IEnumerable<(string Action, string Text)> Actions(Officer officer)
    {
        yield return officer.Locked ? (UnlockAction, Texts.Officer_Unlock) : (LockAction, Texts.Officer_Lock);
        if (!officer.SingleSignOn)
        {
            yield return (ResetAction, Texts.Officer_Reset);
        }

        yield return (RemoveAction, Texts.Officer_Remove);
    }
}
