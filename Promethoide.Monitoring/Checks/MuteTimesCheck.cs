using System.Globalization;
using System.Text.RegularExpressions;

namespace Promethoide.Monitoring.Checks;

/// <summary>When nobody is told: the lists <c>muteTimes</c> of the alerting files.</summary>
internal sealed partial class MuteTimesCheck
{
    private static readonly string[] Keys = ["orgId", "name", "time_intervals"];

    private static readonly string[] IntervalKeys = ["times", "weekdays", "days_of_month", "months", "years", "location"];

    private static readonly string[] TimeKeys = ["start_time", "end_time"];

    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private readonly List<Named> _names = [];

    public IReadOnlyCollection<string> Names => [.. _names.Select(name => name.Name)];

    public void Check(Map file)
    {
        foreach (var mute in file.Maps("muteTimes", "mute timing", Keys))
        {
            mute.Integer("orgId");
            if (mute.RequiredName("name") is { } name)
            {
                _names.Add(name);
            }

            var intervals = mute.Maps("time_intervals", "time interval", IntervalKeys);
            if (intervals is [])
            {
                mute.Source.Add(mute.LineOf("time_intervals"), "a mute timing has no time_intervals, so that it never mutes; add one");
            }

            foreach (var interval in intervals)
            {
                Interval(interval);
            }
        }
    }

    /// <summary>To be called after all files.</summary>
    public void CheckUniqueness() =>
        _names.MustBeUnique((name, first) => $"the mute timing '{name}' is also at {first}, which would be overwritten; write another name");

    private static void Interval(Map interval)
    {
        foreach (var times in interval.Maps("times", "span of time", TimeKeys))
        {
            var (start, end) = (Minutes(times, "start_time"), Minutes(times, "end_time"));
            if (start >= end)
            {
                times.Source.Add(times.Line, "a span of time ends before or when it begins, which stops Grafana; write one over midnight as two: until 24:00, and from 00:00");
            }
        }

        Ranges(interval, "weekdays", text => Array.IndexOf(Weekdays, text.ToLowerInvariant()) is >= 0 and var day ? day : null, "a weekday, as monday or monday:friday");
        Ranges(interval, "months", text => Array.IndexOf(Months, text.ToLowerInvariant()) is >= 0 and var month ? month + 1 : Number(text, 1, 12), "a month, as may or 1:3");
        Ranges(interval, "days_of_month", text => Number(text, -31, 31) is not 0 and var day ? day : null, "a day of the month, as 1, 1:5 or -1");
        Ranges(interval, "years", text => Number(text, 1, 9999), "a year, as 2026 or 2026:2030");
        if (interval.Text("location") is { } location && !TimeZoneInfo.TryFindSystemTimeZoneById(location, out _))
        {
            interval.Source.Add(interval.LineOf("location"), $"the location '{location}' is no time zone, which stops Grafana; write one as America/Argentina/Buenos_Aires");
        }
    }

    private static int? Minutes(Map times, string key)
    {
        if (times.Required(key) is not { } text)
        {
            return null;
        }

        if (Clock().Match(text) is { Success: true } match)
        {
            return (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * 60) + int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        }

        times.Source.Add(times.LineOf(key), $"{key} '{text}' is no time of day, which stops Grafana; write one from '00:00' to '24:00'");
        return null;
    }

    private static void Ranges(Map interval, string key, Func<string, int?> read, string right)
    {
        foreach (var text in interval.Texts(key))
        {
            var ends = text.Name.Split(':').Select(read).ToList();

            // A day that counts from the month's end cannot be compared with one from its begin.
            if (ends.Contains(null) || ends.Count > 2 || (ends is [{ } first, { } last] && first > last && last > 0))
            {
                text.Source.Add(text.Line, $"'{text.Name}' in {key} stops Grafana; write {right}");
            }
        }
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    [GeneratedRegex(@"^((?:[01]\d|2[0-3]|24(?=:00))):([0-5]\d)\z")]
    private static partial Regex Clock();
}
