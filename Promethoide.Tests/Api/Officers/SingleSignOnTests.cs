using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>Which ID tokens of a provider the API accepts; the desk's tests cover the whole flow in a browser.</summary>
[Collection("Api")]
public sealed class SingleSignOnTests(AccessFixture fixture) : IClassFixture<AccessFixture>, IAsyncLifetime
{
    private const string ClientId = "promethoide-desk";

    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "one" };
    private WebApplication _provider = null!;
    private ApiHost _host = null!;

    private string Issuer => _provider.Urls.First();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Issuer, jwks_uri = $"{Issuer}/keys" }));
        _provider.MapGet("/keys", () => Results.Json(new { keys = new[] { JsonWebKeyConverter.ConvertFromRSASecurityKey(_key) } }));
        await _provider.StartAsync();
        _host = await fixture.StartAsync(new("Authentication:Authority", Issuer), new("Authentication:ClientId", ClientId));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("officer", "officer", 403)]
    [InlineData("supervisor", "supervisor", 200)]
    [InlineData("something supervisor officer", "supervisor", 200)]
    public async Task Whoever_the_provider_gives_a_role_is_signed_in_with_it(string roles, string role, int refusals)
    {
        var session = (await SignInAsync(Token(sub: Guid.NewGuid().ToString(), roles: roles.Split(' ')))).Json;

        Assert.Equal((role, false), (session.GetProperty("role").GetString(), session.GetProperty("has_password").GetBoolean()));
        Assert.Equal(refusals, (int)(await _host.Public.As(session.GetProperty("token").GetString()).GetAsync("/refusals")).Status);
    }

    [Fact]
    public async Task The_same_person_is_the_same_officer_with_the_role_of_today()
    {
        var sub = Guid.NewGuid().ToString();
        var name = $"ada-{Guid.NewGuid():N}";

        var first = (await SignInAsync(Token(sub, name.ToUpperInvariant(), roles: "officer"))).Json;
        var second = (await SignInAsync(Token(sub, "another-name", roles: "supervisor"))).Json;

        Assert.Equal((name, "officer"), (first.GetProperty("user_name").GetString(), first.GetProperty("role").GetString()));
        Assert.Equal((name, "supervisor"), (second.GetProperty("user_name").GetString(), second.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Somebody_of_the_name_of_an_officer_here_is_another_one()
    {
        var session = (await SignInAsync(Token(Guid.NewGuid().ToString(), "supervisor", roles: "officer"))).Json;

        Assert.Equal("officer", session.GetProperty("role").GetString());
        Assert.StartsWith("sso-", session.GetProperty("user_name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_officer_who_is_locked_here_stays_out()
    {
        var (sub, name) = (Guid.NewGuid().ToString(), $"eve-{Guid.NewGuid():N}");
        await SignInAsync(Token(sub, name, roles: "officer"));
        await fixture.Supervisor.PostAsync($"/officers/{name}/lock", new { });

        (await SignInAsync(Token(sub, name, roles: "officer"))).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        (await fixture.Supervisor.PostAsync($"/officers/{name}/reset", new { })).IsProblem(HttpStatusCode.Conflict, "single-sign-on");
    }

    [Fact]
    public async Task Who_has_no_role_is_told_so() =>
        (await SignInAsync(Token(Guid.NewGuid().ToString(), roles: "guest"))).IsProblem(HttpStatusCode.Forbidden, "no-role");

    [Fact]
    public async Task A_token_that_the_provider_has_not_made_for_the_desk_is_not_believed()
    {
        var sub = Guid.NewGuid().ToString();
        using var foreign = RSA.Create(2048);
        string[] tokens =
        [
            Token(sub, audience: "another-client"), Token(sub, issuer: "https://another.example"),
            Token(sub, expires: DateTime.UtcNow.AddMinutes(-5)), Token(sub, key: new RsaSecurityKey(foreign) { KeyId = "one" }),
            Unsigned(Token(sub)), Token(sub)[..^4] + "AAAA", "pms_token", "", "a.b.c",
        ];

        foreach (var token in tokens)
        {
            (await SignInAsync(token)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        }
    }

    [Fact]
    public async Task A_providers_token_opens_nothing_but_the_sign_in() =>
        (await _host.Public.As(Token(Guid.NewGuid().ToString(), roles: "supervisor")).GetAsync("/refusals"))
            .IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");

    [Fact]
    public async Task Without_a_provider_there_is_no_such_sign_in() =>
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Nobody.As(Token("x")).PostAsync("/sessions/single-sign-on", new { })).Status);

    [Theory]
    [InlineData("http://provider.example.org")]
    [InlineData("provider")]
    [InlineData("ftp://127.0.0.1")]
    public void A_provider_that_is_not_asked_by_HTTPS_is_refused_at_the_start(string authority) => Assert.Contains(
        "Authentication:Authority has to be an address that begins with https://.",
        Assert.Throws<OptionsValidationException>(() => new ApiHost(
            fixture.Database.AsApi,
            settings: [new("Authentication:Authority", authority), new("Authentication:ClientId", ClientId)])).Message,
        StringComparison.Ordinal);

    private static string Unsigned(string token) =>
        $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.";

    private Task<Answer> SignInAsync(string token) => _host.Public.As(token).PostAsync("/sessions/single-sign-on", new { });

    private string Token(
        string sub,
        string? name = null,
        string? issuer = null,
        string audience = ClientId,
        DateTime? expires = null,
        SecurityKey? key = null,
        params string[] roles) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            NotBefore = DateTime.UtcNow.AddMinutes(-10),
            IssuedAt = DateTime.UtcNow.AddMinutes(-10),
            Expires = expires ?? DateTime.UtcNow.AddMinutes(5),
            Subject = new ClaimsIdentity(
            [
                new Claim("sub", sub), .. name is null ? [] : (Claim[])[new("preferred_username", name)],
                .. (roles.Length == 0 ? ["officer"] : roles).Select(role => new Claim("roles", role)),
            ]),
            SigningCredentials = new SigningCredentials(key ?? _key, SecurityAlgorithms.RsaSha256),
        });
}
