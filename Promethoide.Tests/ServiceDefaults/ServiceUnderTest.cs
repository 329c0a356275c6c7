using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Promethoide.Tests.ServiceDefaults;

/// <summary>A service that has only the shared defaults and one page.</summary>
internal static class ServiceUnderTest
{
    public const string Page = "/x";

    /// <summary>Starts it on a free port with one configuration setting.</summary>
    public static async Task<WebApplication> StartAsync(string setting, string value, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = [$"--{setting}={value}", "--hostBuilder:reloadConfigOnChange=false"] });
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = builder.Build();
        service.UseServiceDefaults();
        service.MapGet(Page, () => Results.Ok());
        await service.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }
}
