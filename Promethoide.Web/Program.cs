using Promethoide.ServiceDefaults;
using Promethoide.Web.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.Hosting;
using Promethoide.Web.RestApi;
using Promethoide.Web.SignIn;

if (args is [HealthProbe.Command])
{
    return await HealthProbe.RunAsync();
}

if (args is [KeysCommand.Name, ..])
{
    return await KeysCommand.RunAsync(args);
}

DeskTimeZone.Ensure(Environment.GetEnvironmentVariable("TZ"));

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRestApiClient();
builder.AddSafeguards();
builder.AddKeyRing();
builder.AddSignIn();
builder.AddPageMetrics();
builder.Services.AddLanguages();
builder.Services.AddRazorComponents();
builder.AddDesk();

// The build output has no wwwroot of its own; the manifest beside the assembly says where the assets are. A published web has no manifest.
builder.WebHost.UseStaticWebAssets();

var app = builder.Build();
app.UseServiceDefaults();
app.UseSecurityHeaders();
app.UseErrorPages();
app.UseRequestChecks(app.Logger);
app.UseRequestLocalization();
app.UseSignIn();
app.UseAntiforgery();
app.MapStaticAssets().WithOneRouteInMetrics().AllowAnonymous();
app.MapSingleSignOn();
app.MapSignOut();
// Blazor maps its pages for GET and POST only; a HEAD request would be rejected as not allowed.
app.MapRazorComponents<App>().WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head, HttpMethods.Post]));
await app.RunAsync();
return 0;
