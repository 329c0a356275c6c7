using System.ComponentModel.DataAnnotations;
using Promethoide.Web.Hosting;

namespace Promethoide.Web.Desk;

/// <summary>The values that the desk shows within its texts; section <c>Desk</c> of the configuration.</summary>
public sealed class DeskOptions
{
    public const string Section = "Desk";

    /// <summary>
    /// The contact an officer calls when a traveller is wanted, such as "Duty supervisor, ext. 4410"; at most 100 characters. Empty: no
    /// such line.
    /// </summary>
    [MaxLength(100)]
    public string WantedContact { get; init; } = "";

    /// <summary>
    /// The sign or code of the currency that travellers declare, as officers read it: "€", "CHF", "US$"; 1 to 5 characters.
    /// </summary>
    [StringLength(5, MinimumLength = 1)]
    public string Currency { get; init; } = Formats.DefaultCurrency;
}
