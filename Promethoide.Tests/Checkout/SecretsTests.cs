using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Checkout;

/// <summary>Nothing in git grants access.</summary>
public sealed partial class SecretsTests
{
    // Names of settings, and Microsoft's public key token.
    private static readonly string[] NoSecrets =
    [
        "SmtpPassword = \"smtp-password\"",
        "Password = \"postgres-password\"",
        "ClientSecret = \"ClientSecret\"",
        "PublicKeyToken=b77a5c561934e089",
    ];

    [Fact]
    public async Task No_file_has_a_credential()
    {
        var found = new List<string>();
        foreach (var file in (await Repository.FilesAsync()).Where(file => !file.EndsWith(".png", StringComparison.Ordinal)))
        {
            var lines = await File.ReadAllLinesAsync(Repository.Combine(file), TestContext.Current.CancellationToken);
            found.AddRange(lines.Index().Where(line => IsSecret(file, line.Item)).Select(line => $"{file}:{line.Index + 1}"));
        }

        // Reports the location, not the secret: the output ends up in logs.
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("Promethoide.Tests/Api/X.cs", "-----BEGIN ", "RSA PRIVATE KEY-----")]
    [InlineData("README.md", "AKIA", "IOSFODNN7EXAMPLE")]
    [InlineData("eng/x.sh", "ghp_", "0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("eng/x.sh", "glpat-", "0123456789abcdefghij")]
    [InlineData("eng/x.sh", "npm_", "0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("NuGet.config", "oy2", "abcdefghijklmnopqrstuvwxyz01234567890123456")]
    [InlineData("deploy/x.yaml", "xoxb-", "1234567890-abcdefghij")]
    [InlineData("deploy/x.yaml", "eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl")]
    [InlineData("docs/x.md", "Authorization: Bearer pmk_", "0123456789abcdefghijABCDEFGHIJ0123456789abc")]
    [InlineData("docs/x.md", "postgres://promethoide:", "hunter22@db.example/promethoide")]
    [InlineData("Promethoide.Api/X.cs", "Password = ", "\"hunter22\"")]
    [InlineData("Promethoide.Api/appsettings.json", "\"ApiKey\": ", "\"hunter22\"")]
    [InlineData("Promethoide.Api/appsettings.json", "\"x\": \"Host=db;Password=", "hunter22;Database=x\"")]
    [InlineData("deploy/x.yaml", "POSTGRES_PASSWORD: ", "hunter22")]
    [InlineData(".env.example", "#POSTGRES_PASSWORD=", "hunter22")]
    public void What_looks_like_a_credential_is_one(string file, string start, string end) => Assert.True(IsSecret(file, start + end));

    [Theory]
    [InlineData("deploy/x.yaml", "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?is not set in .env}")]
    [InlineData("deploy/x.yaml", "value: Username=promethoide_api;Password=$(PROMETHOIDE_API_PASSWORD);Database=x")]
    [InlineData("deploy/x.yaml", "automountServiceAccountToken: false")]
    [InlineData(".env.example", "POSTGRES_PASSWORD=")]
    [InlineData("Promethoide.Api/X.cs", "var password = settings.Password;")]
    [InlineData("Promethoide.Tests/Api/X.cs", "Password = \"wrong-password\"")]
    public void Where_one_goes_and_what_a_test_gets_wrong_is_none(string file, string line) => Assert.False(IsSecret(file, line));

    private static bool IsSecret(string file, string line) =>
        Shaped().IsMatch(line)
        || (!file.StartsWith("Promethoide.Tests/", StringComparison.Ordinal)
            && (Quoted().IsMatch(line) || (!file.EndsWith(".cs", StringComparison.Ordinal) && Bare().IsMatch(line)))
            && !Array.Exists(NoSecrets, known => line.Contains(known, StringComparison.Ordinal)));

    // Tokens and keys with a recognizable form, including Promethoide's own sessions and keys; and passwords in URLs.
    [GeneratedRegex(
        @"-----BEGIN [A-Z ]*PRIVATE KEY|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[opsur]_\w{36}|\bgithub_pat_\w{22}|\bglpat-[\w-]{20}"
        + @"|\bxox[abprs]-[\w-]{10}|\bnpm_\w{36}|\boy2[a-z0-9]{43}|\bsk-[\w-]{20}|\bAIza[\w-]{35}|\bey[JI][\w-]{10,}\.ey[JI][\w-]{10,}\."
        + @"|\bpm[ks]_[\w-]{43}|\w://[^\s:/@""'$<{]+:[^\s:/@""'$<{]+@")]
    private static partial Regex Shaped();

    [GeneratedRegex(@"(password|passwd|secret|token|api_?key)[""']?(\s*=|:)\s*[""'][^""'\s$<{][^""'\s]{5,}[""']", RegexOptions.IgnoreCase)]
    private static partial Regex Quoted();

    // On a line of its own as in YAML, or anywhere as in shells and connection strings.
    [GeneratedRegex(
        @"(^[\s#-]*\w*(password|passwd|secret|token|api_?key):\s+|(password|passwd|secret|token|api_?key)=)[\w!#%&*+./@^~-]{6,}",
        RegexOptions.IgnoreCase)]
    private static partial Regex Bare();
}
