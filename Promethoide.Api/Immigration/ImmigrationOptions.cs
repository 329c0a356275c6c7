using System.ComponentModel.DataAnnotations;

namespace Promethoide.Api.Immigration;

/// <summary>The <c>Immigration</c> configuration section: the requirements for admission.</summary>
public sealed class ImmigrationOptions
{
    internal const string Section = "Immigration";

    /// <summary>Minimum funds for any stay; 0 or more, default 500.</summary>
    [Range(0, 1e12)]
    public decimal MinimumMoney { get; init; } = 500;

    /// <summary>Minimum funds per day of the stay; 0 or more, default 0.</summary>
    [Range(0, 1e12)]
    public decimal MinimumMoneyPerDay { get; init; }

    /// <summary>The funds required for a stay of this length.</summary>
    public decimal RequiredMoney(int stayDays) => Math.Max(MinimumMoney, MinimumMoneyPerDay * stayDays);
}
