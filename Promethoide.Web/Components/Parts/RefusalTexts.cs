using Promethoide.Web.Desk;
using Promethoide.Web.Hosting;
using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Parts;

/// <summary>A refusal's reason, and what the officer does next, in the current language.</summary>
internal static class RefusalTexts
{
    public static (string Reason, string Next) Of(Decision refused) => refused switch
    {
        { Reason: ProblemCodes.LodgingRequired } => (Texts.Refused_Lodging, Texts.Refused_Lodging_Next),
        { Reason: ProblemCodes.InsufficientMoney, RequiredMoney: { } required, DeclaredMoney: var declared } => (
            $"{Texts.Refused_Money} "
            + $"{Formats.Text(Texts.Refused_Sums, Formats.Money(required), Formats.Money(declared), Formats.Money(required - declared))}",
            Texts.Refused_Money_Next),
        { Reason: ProblemCodes.InsufficientMoney } => (Texts.Refused_Money, Texts.Refused_Money_Next),
        { Reason: ProblemCodes.FlightNotFound } => (Texts.Refused_Flight, Texts.Refused_Flight_Next),
        _ => (Texts.Refused_Other, Texts.Refused_Other_Next),
    };
}
