using System.ComponentModel.DataAnnotations;

namespace Promethoide.Web.Desk;

/// <summary>What the desk says beside its own words; section <c>Desk</c> of the configuration.</summary>
public sealed class DeskOptions
{
    public const string Section = "Desk";

    /// <summary>Whom an officer calls when a traveller is wanted, such as "Duty supervisor, ext. 4410"; at most 100 characters. Empty: no line about it.</summary>
    [MaxLength(100)]
    public string WantedContact { get; init; } = "";
}
