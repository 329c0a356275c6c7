using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Promethoide.Web.Desk;

/// <summary>Turns the state into the text of a hidden field and back. Nobody but this application can read or change that text.</summary>
public sealed class DeskStateProtector(IDataProtectionProvider provider)
{
    // Longer than a shift. A document that was checked yesterday has to be checked again.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ITimeLimitedDataProtector _protector = provider.CreateProtector("Promethoide.Web.Desk.DeskState.v1").ToTimeLimitedDataProtector();

    public string Protect(DeskState state) => _protector.Protect(JsonSerializer.Serialize(state), Lifetime);

    /// <summary>False when the text is not one that <see cref="Protect"/> made within the last hours.</summary>
    public bool TryUnprotect(string text, [NotNullWhen(true)] out DeskState? state)
    {
        try
        {
            state = JsonSerializer.Deserialize<DeskState>(_protector.Unprotect(text));
            return state is not null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException or FormatException)
        {
            state = null;
            return false;
        }
    }
}
