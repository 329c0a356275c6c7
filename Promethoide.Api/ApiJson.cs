using System.Text.Json;
using System.Text.Json.Serialization;
using Promethoide.Api.Data;
using Promethoide.Api.Flights;
using Promethoide.Api.Immigration;
using Promethoide.Api.Interpol;
using Promethoide.Api.Officers;
using Promethoide.Api.Problems;

namespace Promethoide.Api;

/// <summary>All JSON sent or received: snake_case, with source-generated serialisers.</summary>
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
        // The chained context contributes only its type information; the naming policy has to be set here too.
        options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
    });
}
