using Promethoide.Web.Resources;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.Components.Parts;

/// <summary>The names of refusal reasons in lists.</summary>
internal static class ReasonTexts
{
    public static string Of(string code) => code switch
    {
        ProblemCodes.InterpolMatch => Texts.Reason_Interpol,
        ProblemCodes.LodgingRequired => Texts.Reason_Lodging,
        ProblemCodes.InsufficientMoney => Texts.Reason_Money,
        ProblemCodes.FlightNotFound => Texts.Reason_Flight,
        _ => Texts.Reason_Other,
    };
}
