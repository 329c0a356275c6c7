namespace Promethoide.Local.Components;

/// <summary>A component is healthy when an address of it answers 200.</summary>
internal static class HttpHealth
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) });

    public static Func<CancellationToken, Task<string?>> Of(string url) => async cancellationToken =>
    {
        try
        {
            using var response = await Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"{url} answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return $"{url}: {e.InnerException?.Message ?? e.Message}";
        }
    };
}
