using Ser.Authentication;
using Ser.Domain;
using Ser.Scheduler.Tests.Api;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Authentication;

/// <summary>Who is let in, and that secrets stay out of files, logs and error pages.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_a_token_in_the_file_everyone_needs_one_and_viewers_only_read()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        Assert.Equal(200, (await api.SendAsync("GET", "/api/sweeps")).Status);

        string viewer = api.Tokens.Create("board", Role.Viewer), acting = api.Tokens.Create("anna", Role.Operator);
        var closed = await api.SendAsync("GET", "/api/sweeps");
        Assert.Equal(401, closed.Status);
        Assert.Contains("ser token create", closed.Detail, StringComparison.Ordinal);
        Assert.Equal(401, (await api.SendAsync("GET", "/api/sweeps", token: "ser_" + new string('0', 64))).Status);

        Assert.Equal(200, (await api.SendAsync("GET", "/api/sweeps", token: viewer)).Status);
        var refused = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid()), viewer);
        Assert.Equal(403, refused.Status);
        Assert.Contains("viewer", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(api.Reads.Sweeps());
        Assert.Equal(200, (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid()), acting)).Status);
        Assert.Equal(200, (await api.SendAsync("GET", "/health/ready")).Status);
        Assert.Equal(401, (await api.SendAsync("GET", "/metrics")).Status);
        Assert.Equal(200, (await api.SendAsync("GET", "/metrics", token: viewer)).Status);

        api.Tokens.Revoke("anna");
        Assert.Equal(401, (await api.SendAsync("POST", "/api/sweeps/sweep/cancel", token: acting)).Status);
        Assert.Contains(
            api.Log.All,
            line => line.StartsWith("audit: anna from 127.0.0.1: POST /api/sweeps: 200", StringComparison.Ordinal));
        Assert.Contains(
            api.Log.All,
            line => line.StartsWith("audit: ? from 127.0.0.1: POST /api/sweeps/sweep/cancel: 401", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log.All, line => line.Contains(viewer, StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log.All, line => line.Contains(acting, StringComparison.Ordinal));
        string file = await File.ReadAllTextAsync(api.Tokens.Path, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(viewer, file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_token_for_others_may_act_on_behalf_of_a_person_and_the_audit_names_the_person()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        (string, string) person = ("Ser-For", Uri.EscapeDataString("Ännchen"));
        Assert.Equal(403, (await api.SendAsync("GET", "/api/me", null, null, person)).Status);
        string dashboard = api.Tokens.Create("dashboard", Role.Operator, forOthers: true);
        string acting = api.Tokens.Create("anna", Role.Operator);
        var refused = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid()), acting, person);
        Assert.Equal(403, refused.Status);
        Assert.Contains("--for-others", refused.Detail, StringComparison.Ordinal);
        var injected = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid()), dashboard, ("Ser-For", "a%0Ab"));
        Assert.Equal(403, injected.Status);
        Assert.Empty(api.Reads.Sweeps());
        Assert.Equal(200, (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid()), dashboard, person)).Status);
        Assert.Equal("Ännchen through dashboard", api.Reads.SearchAudit(null, 0, 1).Entries[0].Who);
        Assert.Equal(200, (await api.SendAsync("GET", "/api/me", token: dashboard)).Status);
    }

    [Fact]
    public async Task Other_hosts_and_pages_of_elsewhere_are_refused()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        Assert.Equal(421, (await api.SendAsync("GET", "/api/sweeps", null, null, ("Host", "rebound.example"))).Status);
        Assert.Equal(200, (await api.SendAsync("GET", "/api/sweeps", null, null, ("Host", $"localhost:{api.Address.Port}"))).Status);
        const string Cancel = "/api/sweeps/sweep/cancel";
        string ownOrigin = api.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(403, (await api.SendAsync("POST", Cancel, null, null, ("Origin", "http://elsewhere.example"))).Status);
        Assert.Equal(404, (await api.SendAsync("POST", Cancel, null, null, ("Origin", ownOrigin))).Status);
    }

    [Fact]
    public async Task A_network_address_requires_a_token()
    {
        var refused = await Assert.ThrowsAsync<InputException>(() => ApiUnderTest.StartAsync(_folder, listen: "http://0.0.0.0:0"));
        Assert.Contains("ser token create --role operator", refused.Message, StringComparison.Ordinal);
        await using var api = await ApiUnderTest.StartAsync(_folder, listen: "http://0.0.0.0:0", token: "anna");
        api.Tokens.Revoke("anna");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{api.Address.Port}") };
        using var answer = await client.GetAsync("/api/sweeps", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public void The_file_is_its_owners_alone_and_others_are_refused()
    {
        var tokens = new TokenFile(_folder.At("tokens.json"), TimeProvider.System);
        string token = tokens.Create("anna", Role.Operator);
        Assert.Equal("anna", new TokenFile(tokens.Path, TimeProvider.System).Find(token)!.Name);
        Assert.Null(tokens.Find(token[..^1] + (token[^1] == '0' ? '1' : '0')));
        Assert.Contains("anna", Assert.Throws<InputException>(() => tokens.Create("anna", Role.Viewer)).Message, StringComparison.Ordinal);
        Assert.Contains("the nearest is anna", Assert.Throws<InputException>(() => tokens.Revoke("ana")).Message, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tokens.Path));

        File.SetUnixFileMode(tokens.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var error = Assert.Throws<StorageException>(() => new TokenFile(tokens.Path, TimeProvider.System).All());
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_the_api_loads_nothing_from_other_hosts()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var page = await api.SendAsync("GET", "/");
        Assert.Equal(200, page.Status);
        Assert.Contains("swagger-ui-bundle.js", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Text.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(200, (await api.SendAsync("GET", "/swagger-ui-bundle.js")).Status);
        var document = await api.SendAsync("GET", "/openapi/v1.json");
        string[] paths =
        [
            "/api/sweeps",
            "/api/sweeps/{name}/events",
            "/api/jobs/{id}/retry",
            "/api/workers/{name}/drain",
            "/api/inputs/{sha256}",
            "/health/ready",
        ];
        foreach (string path in paths)
        {
            Assert.True(document.Json.GetProperty("paths").TryGetProperty(path, out _), path);
        }
    }
}
