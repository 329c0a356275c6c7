using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.ServiceDefaults;

internal static class AllowedHosts
{
    private const string Any = "*";

    // No other site can resolve these to this machine.
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>
    /// Accepts spaces as well as semicolons between the names in <c>AllowedHosts</c>, as Apache does; loopback is always served.
    /// </summary>
    public static void AddAllowedHosts(this IHostApplicationBuilder builder) =>
        builder.Services.PostConfigure<HostFilteringOptions>(options =>
        {
            var hosts = options.AllowedHosts.SelectMany(entry => entry.Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries)).ToList();
            options.AllowedHosts = hosts.Count == 0 || hosts.Contains(Any) ? [Any] : [.. hosts.Union(Loopback)];
        });
}
