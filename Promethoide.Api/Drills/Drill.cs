using System.Text.Json.Serialization;

namespace Promethoide.Api.Drills;

/// <summary>A deliberate fault that lets operators see an alert fire and resolve. It expires on its own.</summary>
/// <param name="Endpoint">The name of the affected endpoint; all others work normally.</param>
/// <param name="DelaySeconds">The delay before each request is served, in seconds: 0 to 30.</param>
/// <param name="Status">The status that each request gets instead of being served, 500 to 599; null to serve it.</param>
/// <param name="Seconds">The duration of the drill in seconds: 1 to 3600.</param>
public sealed record Drill(string Endpoint, double DelaySeconds = 0, int? Status = null, double Seconds = 300)
{
    internal const string Example = """{"endpoint":"check_dni","delay_seconds":2,"status":500,"seconds":300}""";

    /// <summary>What is wrong with the drill and how to fix it; null when it is valid.</summary>
    /// <param name="endpoints">The names of the existing endpoints.</param>
    internal string? Fault(IReadOnlyCollection<string> endpoints) => this switch
    {
        _ when !endpoints.Contains(Endpoint) => $"There is no endpoint '{Endpoint}'. Choose one of: {string.Join(", ", endpoints)}.",
        { DelaySeconds: not (>= 0 and <= 30) } => "delay_seconds has to be from 0 to 30.",
        { Status: not (null or (>= 500 and <= 599)) } => "status has to be from 500 to 599, or absent.",
        { Seconds: not (>= 1 and <= 3600) } => "seconds has to be from 1 to 3600.",
        { DelaySeconds: 0, Status: null } => "Nothing would happen: give delay_seconds, status, or both.",
        _ => null,
    };
}

/// <summary>The running drill, and when it ends.</summary>
public sealed record RunningDrill(Drill Drill, DateTimeOffset EndsAt);

/// <summary>Why a drill was rejected.</summary>
internal sealed record DrillProblem(int Status, string Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Drill))]
[JsonSerializable(typeof(RunningDrill))]
[JsonSerializable(typeof(DrillProblem))]
internal sealed partial class DrillJson : JsonSerializerContext;
