using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Promethoide.ServiceDefaults;

namespace Promethoide.Api.Data;

/// <summary>
/// Runs every operation of the desk once before reporting ready, so that no traveller waits for compilation. The requests are internal:
/// they pass through the whole pipeline, but are neither measured nor logged. While the database is unavailable the warm-up retries; the
/// API is not ready, but still answers.
/// </summary>
internal sealed partial class WarmUp(IServiceScopeFactory scopes, TimeProvider time, ILogger<WarmUp> logger)
    : BackgroundService, IHealthCheck, IWarmUp
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private static readonly (string Method, string Path, string Query, string? Body)[] Requests =
    [
        ("GET", "/", "", null),
        ("GET", "/dni/WARMUP", "", null),
        ("GET", "/flights/WARMUP", "", null),
        ("GET", "/immigration/1", "", null),
        ("GET", "/immigration", "?limit=1", null),
        ("GET", "/refusals", "?limit=1", null),
        ("POST", "/immigration", "", "{}"),
        ("POST", "/immigration", "", """
            {
              "name": "Warm-up", "dni": "WARMUP", "lodging": "Warm-up", "declared_money": 0.01, "flight_number": "WARMUP", "stay_days": 1,
              "smoke": true
            }
            """),
    ];

    private readonly TaskCompletionSource<RequestDelegate> _pipeline = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _warm;

    public bool IsWarm => _warm;

    /// <summary>The pipeline as the server would call it.</summary>
    public void Use(RequestDelegate pipeline) => _pipeline.TrySetResult(pipeline);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _warm ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The API is not warm yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pipeline = await _pipeline.Task.WaitAsync(stoppingToken);
        for (var attempt = 1; !_warm && !stoppingToken.IsCancellationRequested; attempt++)
        {
            if (await FirstFailureAsync(pipeline, stoppingToken) is not { } failure)
            {
                _warm = true;
                return;
            }

            if (attempt == 1)
            {
                LogNotReady(failure);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> FirstFailureAsync(RequestDelegate pipeline, CancellationToken stoppingToken)
    {
        foreach (var (method, path, query, body) in Requests)
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = stoppingToken };
            var warmUp = new WarmUpRequest();
            context.Features.Set(warmUp);
            context.Request.Host = new HostString("localhost");
            context.Request.Method = method;
            context.Request.Path = path;
            context.Request.QueryString = new QueryString(query);
            if (body is not null)
            {
                context.Features.Set<IHttpRequestBodyDetectionFeature>(warmUp);
                context.Request.ContentType = MediaTypeNames.Application.Json;
                context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
            }

            await pipeline(context);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                return warmUp.Failure?.GetBaseException().Message ?? $"status {context.Response.StatusCode}";
            }
        }

        return null;
    }

    [LoggerMessage(LogLevel.Warning, "Not ready, since the database does not serve yet: {Reason}")]
    private partial void LogNotReady(string reason);
}

/// <summary>Marks an internal request.</summary>
internal sealed class WarmUpRequest : IHttpRequestBodyDetectionFeature
{
    public bool CanHaveBody => true;

    /// <summary>Why the request failed.</summary>
    public Exception? Failure { get; set; }
}

internal static class WarmUpExtensions
{
    public static void AddWarmUp(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddSingleton<IWarmUp>(services => services.GetRequiredService<WarmUp>());
        builder.Services.AddHostedService(services => services.GetRequiredService<WarmUp>());
        builder.Services.AddHealthChecks().AddCheck<WarmUp>("warm-up");
    }

    /// <summary>Gives the warm-up the rest of the pipeline.</summary>
    public static void UseWarmUp(this WebApplication app) => app.Use(next =>
    {
        app.Services.GetRequiredService<WarmUp>().Use(next);
        return next;
    });
}
