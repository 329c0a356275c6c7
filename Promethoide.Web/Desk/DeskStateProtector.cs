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
/// Turns the state into the text of a hidden field and back, and a page's view into a part of its address. Only this application can read
/// or change these texts.
/// </summary>
public sealed class DeskStateProtector(IDataProtectionProvider provider, CurrentOfficer officer)
{
    // Longer than a shift. A document checked yesterday has to be checked again.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // The text never reaches HTML unencrypted, and escaping would double the size of non-Latin scripts.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IDataProtector _protector = provider.CreateProtector("Promethoide.Web.Desk.DeskState.v1");

    private ITimeLimitedDataProtector OfState => _protector.ToTimeLimitedDataProtector();

    private ITimeLimitedDataProtector OfView => _protector.CreateProtector("view", officer.UserName ?? "").ToTimeLimitedDataProtector();

    public string Protect(DeskState state) => OfState.Protect(JsonSerializer.Serialize(state, Json), Lifetime);

    /// <summary>False unless <see cref="Protect"/> made the text within the last hours.</summary>
    public bool TryUnprotect(string text, [NotNullWhen(true)] out DeskState? state) =>
        TryRead(() => JsonSerializer.Deserialize<DeskState>(OfState.Unprotect(text), Json), out state);

    /// <summary>For an address, which only this officer can open: the next officer at this browser sees nothing by going back.</summary>
    public string ProtectView(DeskView view)
    {
        using var packed = new MemoryStream();
        using (var packing = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(packing, view, Json);
        }

        return WebEncoders.Base64UrlEncode(OfView.Protect(packed.ToArray(), Lifetime));
    }

    /// <summary>False unless <see cref="ProtectView"/> made the text for this officer within the last hours.</summary>
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
