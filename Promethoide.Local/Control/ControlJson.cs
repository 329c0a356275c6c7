using System.Text.Json;
using System.Text.Json.Serialization;

namespace Promethoide.Local.Control;

/// <summary>How the table is written as JSON: for <c>--json</c> and between the two terminals.</summary>
internal static class ControlJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
