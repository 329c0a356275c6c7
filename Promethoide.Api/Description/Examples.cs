using System.Globalization;
using System.Text.Json.Nodes;
using Promethoide.Api.Immigration;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Description;

/// <summary>
/// The examples on the page for trying the API: with the initial data of a network, read-only requests succeed at the first try.
/// </summary>
internal static class Examples
{
    // A parameter name has the same meaning everywhere.
    private static readonly Dictionary<string, JsonNode> OfParameters = new()
    {
        ["dni"] = "12345678A",
        ["flight_number"] = "AA123",
        ["officer"] = "supervisor",
        ["search"] = "lovelace",
        ["from"] = "2026-01-01T00:00:00Z",
        ["until"] = "2100-01-01T00:00:00Z",
        ["after"] = 1_000_000,
        ["limit"] = 20,
        ["id"] = 1,
        ["user_name"] = "ada",
        ["name"] = "Ada Lovelace",
        ["birth_date"] = "1985-12-10",
        ["seconds"] = 0.1,
        [IdempotencyKey.Header] = "2f1d1c1e-6c1b-4d0a-9f57-0b6f4f6c9c3e",
    };

    private static readonly Dictionary<Type, JsonNode> OfBodies = new()
    {
        [typeof(EntryRequest)] = new JsonObject
        {
            ["name"] = "Ada Lovelace",
            ["dni"] = "X1234567L",
            ["lodging"] = "Hotel Arts",
            ["declared_money"] = 1200,
            ["flight_number"] = "AA123",
            ["stay_days"] = 2,
            ["birth_date"] = "1985-12-10",
            ["nationality"] = "GBR",
        },
        [typeof(AnnulmentRequest)] = new JsonObject { ["reason"] = "Typed for the wrong flight" },
        [typeof(OfficerRequest)] = new JsonObject { ["user_name"] = "ada", ["role"] = "officer" },
        [typeof(SignInRequest)] = new JsonObject { ["user_name"] = "supervisor", ["password"] = "the first password" },
        [typeof(LinkRequest)] = new JsonObject { ["token"] = "the value of the link's link" },
        [typeof(PasswordRequest)] = new JsonObject
        {
            ["current_password"] = "the first password",
            ["new_password"] = "five words of your own",
        },
    };

    /// <summary>An example of a parameter; null when there is none.</summary>
    public static JsonNode? OfParameter(string name) => name == "date"
        ? DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : OfParameters.GetValueOrDefault(name)?.DeepClone();

    /// <summary>An example of a body; null when there is none.</summary>
    public static JsonNode? OfBody(Type type) => OfBodies.GetValueOrDefault(type)?.DeepClone();
}
