using System.Globalization;

namespace Promethoide.Web.Hosting;

/// <summary>Formats values in the reader's language.</summary>
internal static class Formats
{
    public const string DefaultCurrency = "€";

    private static Dictionary<string, CultureInfo> _inCurrency = In(DefaultCurrency);

    /// <summary>The currency of all amounts, a setting of the desk: a language implies none.</summary>
    public static string Currency
    {
        get;
        set
        {
            field = value;
            _inCurrency = In(value);
        }
    } = DefaultCurrency;

    public static string Money(decimal amount) => amount.ToString("C2", _inCurrency[CultureInfo.CurrentUICulture.Name]);

    /// <summary>With the month's name: 10/11 is in October for some readers and in November for others.</summary>
    public static string Date(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

    /// <summary>In the time zone of the desk (<see cref="DeskTimeZone"/>), which is shown beside it.</summary>
    public static string Moment(DateTimeOffset moment)
    {
        var local = moment.ToLocalTime();
        return $"{local.ToString("d MMM yyyy, HH:mm", CultureInfo.CurrentCulture)} {DeskTimeZone.Name(local.Offset)}";
    }

    /// <summary>A dash for empty text.</summary>
    public static string OrDash(string text) => string.IsNullOrWhiteSpace(text) ? "—" : text;

    private static Dictionary<string, CultureInfo> In(string currency) =>
        Languages.Supported.ToDictionary(culture => culture.Name, culture =>
        {
            var own = (CultureInfo)culture.Clone();
            own.NumberFormat.CurrencySymbol = currency;
            return own;
        });

    public static string Text(string format, params ReadOnlySpan<object?> values) =>
        string.Format(CultureInfo.CurrentCulture, format, values);
}
