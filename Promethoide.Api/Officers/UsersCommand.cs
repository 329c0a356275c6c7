using System.CommandLine;
using System.Globalization;
using Promethoide.Api.Access;

namespace Promethoide.Api.Officers;

/// <summary>
/// <c>Promethoide.Api users …</c>: supervisors' tasks from the desk's page, for administrators with a shell on the API's host.
/// </summary>
internal static class UsersCommand
{
    public static Command Build()
    {
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var role = new Option<string>("--role") { Description = "officer or supervisor.", DefaultValueFactory = _ => Roles.Officer };
        role.AcceptOnlyFromAmong([.. Roles.All]);

        var add = new Command("add", "Adds an officer, and prints the first password.") { name, role };
        add.SetAction((parsed, _) => WithNewPasswordAsync(
            parsed.GetValue(name)!,
            (register, user, hash, stop) => register.AddAsync(AdministrationHost.Actor, user, parsed.GetValue(role)!, hash, stop)));

        var reset = new Command("reset", "Gives an officer a new password, prints it, and ends the officer's sessions.") { name };
        reset.SetAction((parsed, _) => WithNewPasswordAsync(
            parsed.GetValue(name)!, (register, user, hash, stop) => register.ResetAsync(AdministrationHost.Actor, user, hash, stop)));

        var list = new Command("list", "Lists who may sign in.");
        list.SetAction((_, _) => AdministrationHost.RunAsync(ListAsync));

        return new Command("users", "Manages who may sign in at the desk.")
        {
            add,
            list,
            Change(
                "lock",
                "Locks an officer out, and ends the officer's sessions.",
                (register, user, stop) => register.LockAsync(AdministrationHost.Actor, user, stop)),
            Change(
                "unlock",
                "Lets an officer in again.",
                (register, user, stop) => register.UnlockAsync(AdministrationHost.Actor, user, stop)),
            reset,
            Change(
                "remove",
                "Removes an officer; what the officer decided stays.",
                (register, user, stop) => register.RemoveAsync(AdministrationHost.Actor, user, stop)),
        };

        Command Change(string verb, string description, Func<OfficerRegister, string, CancellationToken, Task<RegisterOutcome>> change)
        {
            var command = new Command(verb, description) { name };
            command.SetAction((parsed, _) => AdministrationHost.RunAsync(async (services, stop) =>
            {
                var user = OfficerName.Normalise(parsed.GetValue(name)!);
                var outcome = await change(services.GetRequiredService<OfficerRegister>(), user, stop);
                return (outcome is RegisterOutcome.Done, Say(outcome, user));
            }));
            return command;
        }
    }

    private static Task<int> WithNewPasswordAsync(
        string typed, Func<OfficerRegister, string, string, CancellationToken, Task<RegisterOutcome>> change) =>
        AdministrationHost.RunAsync(async (services, stop) =>
        {
            var user = OfficerName.Normalise(typed);
            if (!OfficerName.IsValid(user))
            {
                return (false, OfficerName.Rule);
            }

            var password = Secret.NewPassword();
            var hash = await services.GetRequiredService<Passwords>().HashAsync(password, stop);
            var outcome = await change(services.GetRequiredService<OfficerRegister>(), user, hash, stop);
            return outcome is RegisterOutcome.Done
                ? (true, $"{user} signs in with the password {password}, which has to be changed then. It is not shown again.")
                : (false, Say(outcome, user));
        });

    private static async Task<(bool, string)> ListAsync(IServiceProvider services, CancellationToken stop)
    {
        var officers = await services.GetRequiredService<OfficerRegister>().ListAsync(stop);
        return (true, officers.Count == 0
            ? "There is no officer."
            : string.Join(Environment.NewLine, officers.Select(officer => string.Create(
                CultureInfo.InvariantCulture,
                $"{officer.UserName,-24} {officer.Role,-11} {State(officer),-22} "
                + $"{(officer.LastSeenAt is { } seen ? $"last seen {seen:yyyy-MM-dd HH:mm}Z" : "not signed in")}")
                .TrimEnd())));
    }

    private static string State(OfficerListed officer) => officer switch
    {
        { Locked: true } => "locked",
        { SingleSignOn: true } => "single sign-on",
        { MustChangePassword: true } => "has a first password",
        _ => "",
    };

    private static string Say(RegisterOutcome outcome, string user) => outcome switch
    {
        RegisterOutcome.Done => $"{user}: done.",
        RegisterOutcome.NotFound => $"There is no officer {user}. See: users list",
        RegisterOutcome.Exists => $"There is an officer {user} already.",
        RegisterOutcome.LastSupervisor => $"{user} is the last supervisor: nobody could manage officers any more. Add another one before.",
        _ => $"{user} signs in at the provider of single sign-on, where the password is.",
    };
}
