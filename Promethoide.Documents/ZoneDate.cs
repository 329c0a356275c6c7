namespace Promethoide.Documents;

/// <summary>Dates in a machine readable zone, YYMMDD, without the century.</summary>
internal static class ZoneDate
{
    private const int Century = 100;

    /// <summary>The latest date that is not after today; null when there is none, as for an unknown day or month.</summary>
    public static DateOnly? OfBirth(ReadOnlySpan<char> field, DateOnly today) =>
        Latest(field, Number(today) - (Century * 10_000), Number(today));

    /// <summary>The date within 50 years of today; null when there is none.</summary>
    public static DateOnly? OfExpiry(ReadOnlySpan<char> field, DateOnly today) =>
        Latest(field, Number(today) - (Century / 2 * 10_000), Number(today) + (Century / 2 * 10_000));

    // Of every hundred years, one has these digits, so at most one date lies after the first and not after the last.
    private static DateOnly? Latest(ReadOnlySpan<char> field, int after, int last)
    {
        if (field.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var (year, month, day) = (Two(field[..2]), Two(field[2..4]), Two(field[4..]));
        if (month is < 1 or > 12)
        {
            return null;
        }

        for (year += last / 10_000 / Century * Century; year >= 1; year -= Century)
        {
            var number = (year * 10_000) + (month * 100) + day;
            if (number > after && number <= last && year <= DateOnly.MaxValue.Year && day >= 1 && day <= DateTime.DaysInMonth(year, month))
            {
                return new(year, month, day);
            }
        }

        return null;
    }

    private static int Two(ReadOnlySpan<char> digits) => ((digits[0] - '0') * 10) + (digits[1] - '0');

    private static int Number(DateOnly date) => (date.Year * 10_000) + (date.Month * 100) + date.Day;
}
