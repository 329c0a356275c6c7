using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>
/// Reads a manifest as strictly as the API server does with <c>--validate=strict</c>: an unknown field is an error, and so is a number
/// where text is expected, or text where a number is. KubernetesClient's own strict mode reads <c>value: 5</c> as the text "5", which the
/// server rejects.
/// </summary>
internal static partial class StrictSchema
{
    private static readonly Dictionary<string, Type> Kinds = typeof(V1Pod).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<KubernetesEntityAttribute>(), (type, entity) => (type, entity))
        .ToDictionary(
            kind => $"{(kind.entity.Group is { Length: > 0 } group ? $"{group}/" : "")}{kind.entity.ApiVersion} {kind.entity.Kind}",
            kind => kind.type);

    /// <returns>One line per mistake.</returns>
    public static IEnumerable<string> MistakesIn(YamlMappingNode document)
    {
        var kind = $"{document["apiVersion"]} {document["kind"]}";
        return Kinds.TryGetValue(kind, out var type)
            ? Check(document, type, $"{kind} {document["metadata"]["name"]}")
            : [$"{kind}: there is no such kind."];
    }

    private static IEnumerable<string> Check(YamlNode node, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType
            && type.GetGenericTypeDefinition() is { } generic
            && (generic == typeof(IDictionary<,>) || generic == typeof(IList<>)))
        {
            var item = type.GetGenericArguments()[^1];
            return (node, generic == typeof(IList<>)) switch
            {
                (YamlSequenceNode list, true) => list.Children.SelectMany((child, index) => Check(child, item, $"{path}[{index}]")),
                (YamlMappingNode map, false) =>
                    map.Children.SelectMany(pair =>
                        Check(pair.Key, typeof(string), $"{path}.{pair.Key}").Concat(Check(pair.Value, item, $"{path}.{pair.Key}"))),
                _ => [$"{path}: is no {(generic == typeof(IList<>) ? "list" : "map")}."],
            };
        }

        if (node is YamlScalarNode scalar)
        {
            return IsRight(scalar, type) ? [] : [$"{path}: '{scalar.Value}' is no {type.Name}."];
        }

        var fields = type.GetProperties()
            .Select(property => (Name: property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, property.PropertyType))
            .Where(field => field.Name is not null).ToDictionary(field => field.Name!, field => field.PropertyType);
        return node is YamlMappingNode object_ && fields.Count > 0
            ? object_.Children.SelectMany(pair => fields.TryGetValue(pair.Key.ToString(), out var field)
                ? Check(pair.Value, field, $"{path}.{pair.Key}")
                : [$"{path}: {type.Name} has no field '{pair.Key}'."])
            : [$"{path}: is no {type.Name}."];
    }

    private static bool IsRight(YamlScalarNode scalar, Type type)
    {
        var (text, isPlain) = (scalar.Value ?? "", scalar.Style == ScalarStyle.Plain);
        var isNumber = isPlain && Number().IsMatch(text);
        return type.Name switch
        {
            nameof(String) => !isPlain || !isNumber && !NotText().IsMatch(text),
            nameof(Boolean) => isPlain && text is "true" or "false",
            nameof(Int32) or nameof(Int64) =>
                isNumber && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            nameof(Double) => isNumber,
            nameof(IntOrString) or nameof(ResourceQuantity) => true,
            _ => false,
        };
    }

    [GeneratedRegex(@"^[-+]?(\d[\d_]*|0[xo][0-9a-fA-F]+|(\d+\.\d*|\.\d+)([eE][-+]?\d+)?|\d+[eE][-+]?\d+)$")]
    private static partial Regex Number();

    // What YAML 1.1 reads as something other than text.
    [GeneratedRegex(@"^(|~|null|true|false|yes|no|on|off|y|n|\d{4}-\d\d-\d\d.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex NotText();
}
