namespace Promethoide.Tests.Fixtures;

/// <summary>What ends a fault.</summary>
internal sealed class Ending(Func<Task> end) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await end();
}
