using System.Collections.Concurrent;
using CsCheck;

namespace Promethoide.Tests.Fixtures;

internal static class SeededFuzz
{
    /// <summary>
    /// Sends a fixed sequence of requests: CsCheck alone would start from a seed and continue at random. The first failure is shrunk as
    /// far as possible and printed with its seed.
    /// </summary>
    public static async Task SendAsync<T>(Gen<T> requests, int count, Func<T, Task> send, Func<T, string> print)
    {
        var failed = new ConcurrentQueue<string>();
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                if (!failed.IsEmpty)
                {
                    return;
                }

                var random = new PCG((uint)number % 64, 7_000_000_000_000UL + (ulong)number);
                var seed = random.ToString();
                try
                {
                    await send(requests.Generate(random, null, out var _));
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    failed.Enqueue(seed);
                }
            });

        if (failed.TryPeek(out var first) || Environment.GetEnvironmentVariable("CsCheck_Seed") is { Length: > 0 })
        {
            await requests.SampleAsync(send, seed: first, iter: 200, threads: 1, print: print);
            Assert.Null(first);
        }
    }
}
