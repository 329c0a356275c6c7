using System.Data.Common;
using System.Text;

namespace Promethoide.AppHost;

/// <summary>A name or password for a connection string: quoted if it contains a character that would end the value.</summary>
internal sealed class ConnectionStringValue(ParameterResource parameter) : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    public string ValueExpression => parameter.ValueExpression;

    public IEnumerable<object> References => [parameter];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Quote(await parameter.GetValueAsync(cancellationToken) ?? "");

    public static string Quote(string value)
    {
        var pair = new StringBuilder();
        DbConnectionStringBuilder.AppendKeyValuePair(pair, "x", value);
        return pair.ToString(2, pair.Length - 2);
    }
}
