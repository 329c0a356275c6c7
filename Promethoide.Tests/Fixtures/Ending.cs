namespace Promethoide.Tests.Fixtures;

/// <summary>Ends a fault when disposed.</summary>
internal sealed class Ending(Func<Task> end) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await end();
}
