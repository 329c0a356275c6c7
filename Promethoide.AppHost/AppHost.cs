using Promethoide.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddSettings(args);

// Data: the network's own server, or the one that POSTGRES_HOST names.
var database = builder.AddDatabase("postgres", port: 5432);

var migrations = builder.AddJob<Projects.Promethoide_Api>("migrations", "migrate")
    .WithReference(database.Owner)
    .WaitFor(database.Owner)
    .WithFirstSupervisor()
    .WithSmokeKey()
    .WithIconName("DatabaseArrowUp");

// Services.
var restApi = builder.AddService<Projects.Promethoide_Api>("rest-api", port: 5001, opsPort: 9464)
    .WithReference(database.Api, Database.ConnectionName)
    .WaitForCompletion(migrations)
    .WithAccess()
    .WithAdministration(database.Api, database.Owner)
    .WithDrills("check_dni");

var web = builder.AddService<Projects.Promethoide_Web>("web", port: 5002, opsPort: 9465)
    .WithReference(restApi)
    .WaitFor(restApi)
    .WithAccess()
    .WithSingleSignOn()
    .WithDeskSettings()
    .WithDataProtectionVolume();

// Front: what officers open.
var apache = builder.AddApache("apache", "../Promethoide.Web/Apache", port: 8080, statusPort: 8081)
    .WithReference(web)
    .WaitFor(web)
    .WithReference(restApi)
    .WaitFor(restApi);

// Monitoring: the synthetic officer, exporters, probes, Prometheus, Grafana.
var smoke = builder.AddWorker<Projects.Promethoide_Smoke>("smoke", opsPort: 9466)
    .WalksThrough(apache)
    .ShowsSmokeKey()
    .WaitFor(apache);

var nodeExporter = builder.AddNodeExporter("node-exporter", port: 9100);
var apacheExporter = builder.AddApacheExporter("apache-exporter", apache, port: 9117);
var apacheLogExporter = builder.AddApacheLogExporter("apache-log-exporter", apache, "../monitoring/apache-log", port: 3903);
var postgresExporter = builder.AddPostgresExporter("postgres-exporter", database, port: 9187);
var pushgateway = builder.AddPushgateway("pushgateway", port: 9091);

var blackboxExporter = builder.AddBlackboxExporter("blackbox-exporter", "../monitoring/blackbox", port: 9115)
    .Probes(apache, "/sign-in", instance: "apache")
    .Probes(apache, "/delay")
    .Probes(restApi, "/")
    .Probes(restApi, "/health", OpsEndpoint.Name);

var prometheus = builder.AddPrometheus("prometheus", "../monitoring/prometheus", port: 9090)
    .Scrapes(restApi)
    .Scrapes(web)
    .Scrapes(smoke)
    .Scrapes(nodeExporter)
    .Scrapes(apacheExporter)
    .Scrapes(apacheLogExporter)
    .Scrapes(postgresExporter)
    .Scrapes(pushgateway)
    .Scrapes(blackboxExporter)
    .ScrapesItself();

var grafana = builder.AddGrafana("grafana", "../monitoring/grafana", port: 3000)
    .WithDataSource(prometheus)
    .WaitFor(prometheus)
    .WithTracesOfTheDashboard();

prometheus.Scrapes(grafana);

// Notification: Grafana mails alerts, or Alertmanager where Grafana is not installed.
var mail = builder.AddMail("mail", port: 8025);
if (grafana.Notifies())
{
    grafana.WithMail(mail);
}
else
{
    prometheus.Notifies(builder.AddAlertmanager("alertmanager", "../monitoring", port: 9093, mail, dashboards: grafana));
}

builder.ChooseHostPorts();
builder.Build().Run();
