using Microsoft.Extensions.Options;

namespace Promethoide.Smoke;

/// <summary>The two ways to run: as a service that is scraped, or once.</summary>
internal static class SmokeHost
{
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults();
        builder.Services.AddSmokeOptions();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SyntheticOfficer>();
        builder.Services.AddSingleton<SmokeMetrics>();
        builder.Services.AddSingleton<SmokeService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SmokeService>());
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(SmokeMetrics.Meter));

        await using var app = builder.Build();
        app.UseServiceDefaults(ops => ops.Map("/run", run => run.Run(AnswerRunAsync)));
        await app.RunAsync(cancellationToken);
        return 0;
    }

    public static async Task<int> RunOnceAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(settings).Build();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SyntheticOfficer>()
            .AddSmokeOptions()
            .BuildServiceProvider();

        try
        {
            var run = await services.GetRequiredService<SyntheticOfficer>().WalkAsync(cancellationToken);
            foreach (var step in run.Steps)
            {
                Console.WriteLine(
                    FormattableString.Invariant($"{step.Name}: {(step.Success ? "ok" : step.Failure)}, {step.Seconds * 1000:0} ms"));
            }

            if (services.GetRequiredService<IOptions<SmokeOptions>>().Value.Pushgateway is { } gateway)
            {
                await Pushgateway.PushAsync(gateway, run, cancellationToken);
            }

            return run.Success ? 0 : 1;
        }
        catch (OptionsValidationException exception)
        {
            return Failed(string.Join(' ', exception.Failures));
        }
        catch (InvalidOperationException exception)
            when (exception.InnerException is FormatException or UriFormatException or InvalidOperationException)
        {
            return Failed(exception.Message);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"The Pushgateway was not told: {exception.GetBaseException().Message}");
        }

        static int Failed(string message)
        {
            Console.Error.WriteLine($"Promethoide.Smoke: {message}");
            return 1;
        }
    }

    private static IServiceCollection AddSmokeOptions(this IServiceCollection services)
    {
        services.AddOptions<SmokeOptions>()
            .BindConfiguration(SmokeOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => IsHttp(options.Target), "Smoke:Target (--target) has to be an address such as http://localhost:8080.")
            .Validate(
                options => options.Pushgateway is null || IsHttp(options.Pushgateway),
                "Smoke:Pushgateway (--pushgateway) has to be an address such as http://localhost:9091.")
            .ValidateOnStart();
        return services;

        static bool IsHttp(Uri? address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" };
    }

    /// <summary><c>POST /run</c> on the ops port: 200 when every step succeeded, else 503; the steps either way.</summary>
    private static async Task AnswerRunAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var run = await context.RequestServices.GetRequiredService<SmokeService>().RunAsync(context.RequestAborted);
        context.Response.StatusCode = run.Success ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(run, context.RequestAborted);
    }
}
