using Promethoide.Web.Components;
using Promethoide.Web.Desk;
using Promethoide.Web.Hosting;
using Promethoide.Web.RestApi;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRestApiClient();
builder.AddSafeguards();
builder.Services.AddLanguages();
builder.Services.AddRazorComponents();
builder.Services.AddSingleton<DeskStateProtector>();
builder.Services.AddScoped<DeskWorkflow>();

// The build output has no wwwroot of its own; the manifest beside the assembly says where the assets are. A published web has no manifest.
builder.WebHost.UseStaticWebAssets();

var app = builder.Build();
app.UseServiceDefaults();
app.UseSecurityHeaders();
app.UseRequestLocalization();
app.UseErrorPages();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>();
await app.RunAsync();
