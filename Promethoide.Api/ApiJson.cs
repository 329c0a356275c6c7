using System.Text.Json;
using System.Text.Json.Serialization;
using Promethoide.Api.Data;
using Promethoide.Api.Flights;
using Promethoide.Api.Immigration;
using Promethoide.Api.Interpol;
using Promethoide.Api.Officers;
using Promethoide.Api.Problems;

namespace Promethoide.Api;

/// <summary>Everything that goes over the wire, in snake_case, by generated code.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Delayed))]
[JsonSerializable(typeof(WantedPersonFound))]
[JsonSerializable(typeof(FlightFound))]
[JsonSerializable(typeof(FlightList))]
[JsonSerializable(typeof(EntryRequest))]
[JsonSerializable(typeof(EntryCreated))]
[JsonSerializable(typeof(ImmigrationEntry))]
[JsonSerializable(typeof(Page<ImmigrationEntry>))]
[JsonSerializable(typeof(Page<RefusalListed>))]
[JsonSerializable(typeof(Page<HitListed>))]
[JsonSerializable(typeof(Summary))]
[JsonSerializable(typeof(AnnulmentRequest))]
[JsonSerializable(typeof(PossibleMatches))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionOpened))]
[JsonSerializable(typeof(OfficerRequest))]
[JsonSerializable(typeof(OfficerList))]
[JsonSerializable(typeof(FirstPassword))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal static class ApiJsonExtensions
{
    public static void AddApiJson(this IHostApplicationBuilder builder) => builder.Services.ConfigureHttpJsonOptions(options =>
    {
        // The chained context brings its type information only; the policy has to be said here as well.
        options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
    });
}
