using Promethoide.Web.Desk;

namespace Promethoide.Web.SignIn;

/// <summary>What an officer had typed at the desk when the session turned out to have ended. The sign-in page's form carries it.</summary>
internal sealed record UnfinishedForm(IReadOnlyList<KeyValuePair<string, string>> Values)
{
    /// <summary>The prefix of the field names meanwhile.</summary>
    public const string Prefix = "unfinished-";

    private static readonly string[] Names =
    [
        Fields.State,
        Fields.Document,
        Fields.FlightNumber,
        Fields.ArrivalDate,
        Fields.Name,
        Fields.Lodging,
        Fields.DeclaredMoney,
        Fields.StayDays,
    ];

    /// <summary>The desk's own fields in a form; null when there are none.</summary>
    public static UnfinishedForm? In(IFormCollection form, string prefix = "") =>
        form.ContainsKey(prefix + Fields.State)
            ? new UnfinishedForm(
            [
                .. from name in Names
                   where form.ContainsKey(prefix + name)
                   select KeyValuePair.Create(name, form[prefix + name].ToString()),
            ])
            : null;
}
