using System.Diagnostics;

namespace Promethoide.Tests.Network;

/// <summary>Waits for a condition that takes a while to become true, such as the next scrape.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Repeats the query until its result satisfies the condition; on timeout, fails with the last result.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies, Func<T, string>? describe = null)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }

            Assert.True(
                clock.Elapsed < Patience,
                $"Not within {Patience.TotalSeconds:0} s; last: {(describe is null ? answer : describe(answer))}");
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }
}
