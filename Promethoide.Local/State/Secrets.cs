using System.Security.Cryptography;
using System.Text.Json;

namespace Promethoide.Local.State;

/// <summary>The passwords of this network: generated once, kept in a file that only its owner can read.</summary>
internal sealed class Secrets
{
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private readonly string _file;
    private readonly Dictionary<string, string> _values;

    public Secrets(StateFolder state)
    {
        _file = state.Combine("secrets.json");
        _values = File.Exists(_file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(_file))! : [];
    }

    /// <summary>The kept value; when there is none yet, <paramref name="given"/> or else 24 random characters (about 139 bits).</summary>
    public string Keep(string name, string? given = null)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            value = _values[name] = given ?? RandomNumberGenerator.GetString(Alphabet, 24);
            Save();
        }

        return value;
    }

    private void Save()
    {
        var temporary = _file + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(stream, _values);
        }

        File.Move(temporary, _file, overwrite: true);
    }
}
