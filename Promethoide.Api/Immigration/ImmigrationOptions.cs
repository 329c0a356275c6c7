using System.ComponentModel.DataAnnotations;

namespace Promethoide.Api.Immigration;

/// <summary>The section <c>Immigration</c> of the configuration: what a traveller has to bring.</summary>
public sealed class ImmigrationOptions
{
    internal const string Section = "Immigration";

    /// <summary>Least money for any stay; 0 or more, default 500.</summary>
    [Range(0, 1e12)]
    public decimal MinimumMoney { get; init; } = 500;

    /// <summary>Least money for each day of the stay; 0 or more, default 0.</summary>
    [Range(0, 1e12)]
    public decimal MinimumMoneyPerDay { get; init; }

    /// <summary>Money that a stay of so many days requires.</summary>
    public decimal RequiredMoney(int stayDays) => Math.Max(MinimumMoney, MinimumMoneyPerDay * stayDays);
}
