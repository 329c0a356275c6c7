using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Promethoide.Web.SignIn;

namespace Promethoide.Web.Desk;

/// <summary>
/// Turns the state into the text of a hidden field and back, and what a page shows into a part of its address. Nobody but this application
/// can read or change these texts.
/// </summary>
public sealed class DeskStateProtector(IDataProtectionProvider provider, CurrentOfficer officer)
{
    // Longer than a shift. A document that was checked yesterday has to be checked again.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // Nothing of it gets into HTML as it is, and other scripts than Latin would take twice the space.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IDataProtector _protector = provider.CreateProtector("Promethoide.Web.Desk.DeskState.v1");

    private ITimeLimitedDataProtector OfState => _protector.ToTimeLimitedDataProtector();

    private ITimeLimitedDataProtector OfView => _protector.CreateProtector("view", officer.UserName ?? "").ToTimeLimitedDataProtector();

    public string Protect(DeskState state) => OfState.Protect(JsonSerializer.Serialize(state, Json), Lifetime);

    /// <summary>False when the text is not one that <see cref="Protect"/> made within the last hours.</summary>
    public bool TryUnprotect(string text, [NotNullWhen(true)] out DeskState? state) =>
        TryRead(() => JsonSerializer.Deserialize<DeskState>(OfState.Unprotect(text), Json), out state);

    /// <summary>For an address, which is the officer's own: whoever signs in next at this browser sees nothing by going back.</summary>
    public string ProtectView(DeskView view)
    {
        using var packed = new MemoryStream();
        using (var packing = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(packing, view, Json);
        }

        return WebEncoders.Base64UrlEncode(OfView.Protect(packed.ToArray(), Lifetime));
    }

    /// <summary>False when the text is not one that <see cref="ProtectView"/> made for this officer within the last hours.</summary>
    public bool TryUnprotectView(string text, [NotNullWhen(true)] out DeskView? view) => TryRead(
        () =>
        {
            using var packed = new MemoryStream(OfView.Unprotect(WebEncoders.Base64UrlDecode(text)));
            using var unpacking = new BrotliStream(packed, CompressionMode.Decompress);
            return JsonSerializer.Deserialize<DeskView>(unpacking, Json);
        },
        out view);

    private static bool TryRead<T>(Func<T?> read, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            value = read();
            return value is not null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException or FormatException)
        {
            value = null;
            return false;
        }
    }
}
