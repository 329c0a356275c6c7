using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Promethoide.ServiceDefaults;

/// <summary>
/// Refuses requests that the framework would treat as server errors: invalid host names, and character sets that it does not read. Also
/// refuses bodies that are too long: Kestrel's own limit closes the connection while the proxy is still sending, and the client gets a 502
/// instead of the answer. Here the rest is read after the answer, for five seconds.
/// </summary>
public static partial class RequestChecks
{
    /// <summary>The maximum body length in bytes; a desk's request has less than 4,096. Apache has the same limit, in httpd.conf.</summary>
    public const int LongestBody = 64 * 1024;

    private static string? s_lastName;

    internal static void AddRequestChecks(this IHostApplicationBuilder builder) =>
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            // As UTF-8 the server would reject most bytes before the program sees a request that it could answer.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        });

    /// <summary>Answers with a status and no body: call it after the middleware that adds status pages.</summary>
    /// <param name="app">The application.</param>
    /// <param name="log">Gets a line for each refusal; null when the status page middleware writes one.</param>
    public static void UseRequestChecks(this WebApplication app, ILogger? log = null) => app.Use(async (context, next) =>
    {
        // The status page of a refusal passes through here too.
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || await RefusalAsync(context) is not { } status)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = status;
        if (log is not null)
        {
            Refused(log, status);
        }
    });

    private static async Task<int?> RefusalAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsName(request.Headers.Host))
        {
            // The status page contains addresses too.
            request.Host = new HostString("localhost");
            return StatusCodes.Status400BadRequest;
        }

        if (!IsReadable(request.ContentType))
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        // Without a declared length, the body has to be read to measure it.
        if (request.ContentLength is null && await ReadAsync(request.Body, context.RequestAborted) is { } body)
        {
            request.Body = body;
            return null;
        }

        return request.ContentLength <= LongestBody ? null : StatusCodes.Status413PayloadTooLarge;
    }

    private static bool IsName(string? host)
    {
        // Nearly all requests name the same host.
        if (host == s_lastName)
        {
            return host is not null;
        }

        try
        {
            if (!Uri.TryCreate($"http://{host}/", UriKind.Absolute, out _) || !HostString.FromUriComponent(host!).HasValue)
            {
                return false;
            }

            s_lastName = host;
            return true;
        }
        catch (ArgumentException)
        {
            // The host is not valid Punycode.
            return false;
        }
    }

    private static bool IsReadable(string? contentType)
    {
        if (contentType is null || !MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.Charset.HasValue)
        {
            return true;
        }

        try
        {
            Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static async Task<MemoryStream?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(LongestBody + 1);
        try
        {
            var length = await body.ReadAtLeastAsync(
                bytes.AsMemory(0, LongestBody + 1), LongestBody + 1, throwOnEndOfStream: false, cancellationToken);
            return length > LongestBody ? null : new MemoryStream(bytes[..length], writable: false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    [LoggerMessage(LogLevel.Information, "A request was refused: {Status}")]
    private static partial void Refused(ILogger log, int status);
}
