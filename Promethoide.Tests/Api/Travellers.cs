namespace Promethoide.Tests.Api;

/// <summary>What the desk sends; by default for a traveller who may enter.</summary>
internal static class Travellers
{
    private static int _last;

    /// <summary>A document number that no other test uses.</summary>
    public static string NewDni() => $"T{Interlocked.Increment(ref _last):D8}";

    /// <summary>A body for <c>POST /immigration</c> with the changes applied; a null value omits the field.</summary>
    public static Dictionary<string, object?> Body(params (string Field, object? Value)[] changes)
    {
        var body = new Dictionary<string, object?>
        {
            ["name"] = "José María O'Neill",
            ["dni"] = NewDni(),
            ["lodging"] = "Hotel California",
            ["declared_money"] = 750.5m,
            ["flight_number"] = "AA123",
        };
        foreach (var (field, value) in changes)
        {
            if (value is null)
            {
                body.Remove(field);
            }
            else
            {
                body[field] = value;
            }
        }

        return body;
    }
}
