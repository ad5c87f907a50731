using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ser.Dashboard.Tests;

/// <summary>
/// A small real OpenID provider on loopback: discovery, RS256, the authorization code flow with PKCE, and a page to choose a person.
/// </summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string Client = "ser-dashboard", Secret = "a secret of the client";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Person, string Nonce, string Challenge, string Redirect)> _codes = new();
    private readonly Dictionary<string, string[]> _people;
    private readonly WebApplication _app;

    private OpenIdProvider(Dictionary<string, string[]> people)
    {
        _people = people;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, RunningDashboard.NoLifetime>();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGet("/.well-known/openid-configuration", () => Microsoft.AspNetCore.Http.Results.Text(new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["jwks_uri"] = $"{Issuer}/keys",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        }.ToJsonString(), "application/json"));
        _app.MapGet("/keys", () => Json(new JsonObject { ["keys"] = new JsonArray(PublicKey()) }));
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
    }

    public string Issuer => RunningDashboard.AddressOf(_app).ToString().TrimEnd('/');

    /// <summary>How many tokens it has issued.</summary>
    public int IssuedTokens { get; private set; }

    /// <param name="people">The names of the people and the groups of each.</param>
    public static async Task<OpenIdProvider> StartAsync(Dictionary<string, string[]> people)
    {
        var provider = new OpenIdProvider(people);
        await provider._app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        bool hasClient = query["client_id"] == Client && query["scope"].ToString().Split(' ').Contains("openid");
        if (!hasClient || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            return Microsoft.AspNetCore.Http.Results.BadRequest("no such client, or no authorization code flow with PKCE");
        }

        if (query["as"].ToString() is not { Length: > 0 } person)
        {
            string Address(string name) => WebUtility.HtmlEncode($"{request.Path}{request.QueryString}&as={name}");
            var links = _people.Keys.Select(name => $"<li><a href=\"{Address(name)}\">{name}</a></li>");
            string page = $"<!DOCTYPE html><title>Who are you?</title><ul>{string.Concat(links)}</ul>";
            return Microsoft.AspNetCore.Http.Results.Content(page, "text/html; charset=utf-8");
        }

        string code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (person, query["nonce"].ToString(), query["code_challenge"].ToString(), query["redirect_uri"].ToString());
        string state = Uri.EscapeDataString(query["state"].ToString());
        return Microsoft.AspNetCore.Http.Results.Redirect($"{query["redirect_uri"]}?code={code}&state={state}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        bool isClient = form["client_id"] == Client && form["client_secret"] == Secret && form["grant_type"] == "authorization_code";
        string verifier = Encoded(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!isClient
            || !_codes.TryRemove(form["code"].ToString(), out var code)
            || code.Redirect != form["redirect_uri"]
            || code.Challenge != verifier)
        {
            return Microsoft.AspNetCore.Http.Results.Json(new Dictionary<string, string> { ["error"] = "invalid_grant" }, statusCode: 400);
        }

        IssuedTokens++;
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string head = Part(new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = "one" });
        string body = Part(new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = $"id of {code.Person}",
            ["aud"] = Client,
            ["exp"] = now + 300,
            ["iat"] = now,
            ["nonce"] = code.Nonce,
            ["preferred_username"] = code.Person,
            ["groups"] = new JsonArray([.. _people[code.Person].Select(group => (JsonNode)group)]),
        });
        byte[] signed = Encoding.ASCII.GetBytes($"{head}.{body}");
        string signature = Encoded(_key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return Json(new JsonObject
        {
            ["access_token"] = "unused",
            ["token_type"] = "Bearer",
            ["expires_in"] = 300,
            ["id_token"] = $"{head}.{body}.{signature}",
        });
    }

    private static IResult Json(JsonObject document) => Microsoft.AspNetCore.Http.Results.Text(document.ToJsonString(), "application/json");

    private JsonObject PublicKey()
    {
        var numbers = _key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = "one",
            ["n"] = Encoded(numbers.Modulus!),
            ["e"] = Encoded(numbers.Exponent!),
        };
    }

    private static string Part(JsonObject part) => Encoded(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static string Encoded(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
