using Promethoide.Api;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Flights;
using Promethoide.Api.Immigration;
using Promethoide.Api.Interpol;
using Promethoide.Api.Limits;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;
using Promethoide.ServiceDefaults;

switch (CommandLine.Read(args))
{
    case Command.Migrate:
        return await MigrateCommand.RunAsync(args[1..]);
    case Command.Health:
        return await HealthProbe.RunAsync();
    case Command.Unknown:
        return CommandLine.ShowUsage();
}

// appsettings.json lies beside the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddDrills();
builder.AddLimits();
builder.AddDatabaseAccess();
builder.AddWarmUp();
builder.AddApiMetrics();
builder.AddPrivateTraces();
builder.AddApiJson();
builder.AddProblems();
builder.AddImmigration();
builder.AddApiDescription();
builder.Services.AddSingleton(TimeProvider.System);

var app = builder.Build();

app.UseServiceDefaults();
app.UseWarmUp();
app.UseProblems();
app.UseRouting();
app.UseApiMetrics();
app.UseDrills();
app.UseLimits();

app.MapRoot();
app.MapDelay();
app.MapInterpol();
app.MapFlights();
app.MapImmigration();
app.MapRefusals();
app.MapApiDescription();

await app.RunAsync();
return 0;
