using Promethoide.Api;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Drills;
using Promethoide.Api.Flights;
using Promethoide.Api.Immigration;
using Promethoide.Api.Interpol;
using Promethoide.Api.Limits;
using Promethoide.Api.Metrics;
using Promethoide.Api.Officers;
using Promethoide.Api.Problems;
using Promethoide.ServiceDefaults;

if (args is [HealthProbe.Command])
{
    return await HealthProbe.RunAsync();
}

if (!CommandLine.AreSettings(args))
{
    return await CommandLine.RunAsync(args);
}

// appsettings.json is next to the program, whatever the working directory.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddDrills();
builder.AddLimits();
builder.AddDatabaseAccess();
builder.AddWarmUp();
builder.AddApiMetrics();
builder.AddTraceRedaction();
builder.AddApiJson();
builder.AddProblems();
builder.AddInterpol();
builder.AddImmigration();
builder.AddAccess();
builder.AddOfficers();
builder.AddAuditLog();
builder.AddApiDescription();
builder.Services.AddSingleton(TimeProvider.System);

var app = builder.Build();

app.UseServiceDefaults(ops => ops.MapDrill());
app.UseWarmUp();
app.UseProblems();
app.UseRouting();
app.UseApiMetrics();
app.UseDrills();
app.UseLimits();
app.UseRequestChecks();
app.UseAccess();

app.MapRoot();
app.MapDelay();
app.MapInterpol();
app.MapPossibleMatches();
app.MapFlights();
app.MapImmigration();
app.MapRefusals();
app.MapSummary();
app.MapHits();
app.MapSessions();
app.MapSingleSignOn();
app.MapOfficers();
app.MapApiDescription();

await app.RunAsync();
return 0;
