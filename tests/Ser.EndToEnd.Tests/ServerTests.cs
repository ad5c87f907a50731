using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>The published ser-server: scheduler and dashboard without libtorch.</summary>
public sealed partial class ServerTests(PublishedServer server) : IClassFixture<PublishedServer>
{
    private const long MostBytes = 100L << 20;

    [Fact]
    public void The_published_server_is_small_and_has_no_libtorch()
    {
        var files = new DirectoryInfo(server.Folder).GetFiles("*", SearchOption.AllDirectories);
        string[] names = [.. files.Select(file => file.Name)];
        Assert.Contains("ser-server.dll", names);
        string[] learning = ["TorchSharp", "libtorch", "libLibTorchSharp", "Ser.Learning", "Ser.Runners", "Ser.Worker"];
        Assert.DoesNotContain(names, name => learning.Any(part => name.StartsWith(part, StringComparison.OrdinalIgnoreCase)));
        Assert.InRange(files.Sum(file => file.Length), 1, MostBytes);
    }

    [Fact]
    public async Task Scheduler_and_dashboard_start_and_SIGTERM_ends_them_in_order()
    {
        using var scheduler = server.Start("scheduler", "--listen", "http://127.0.0.1:0");
        string address = await AddressAsync(scheduler, Listening());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{address}/health/live"));
        using var dashboard = server.Start("dashboard", "--listen", "http://127.0.0.1:0", "--server", address);
        string page = await AddressAsync(dashboard, DashboardLink());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(page));
        foreach (var process in new[] { dashboard, scheduler })
        {
            process.Terminate();
            var ended = await process.EndAsync();
            Assert.True(ended.ExitCode == 0, ended.Errors);
        }
    }

    [Fact]
    public async Task Its_messages_name_the_program()
    {
        using var help = server.Start("--help");
        Assert.Contains("Usage: ser-server COMMAND [options]", (await help.EndAsync()).Output, StringComparison.Ordinal);
        using var misspelled = server.Start("shceduler");
        var wrong = await misspelled.EndAsync();
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("did you mean scheduler?", wrong.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> AddressAsync(SerProcess process, Regex pattern)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!pattern.IsMatch(process.Errors))
        {
            Assert.False(process.HasExited, process.Errors);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return pattern.Match(process.Errors).Groups[1].Value;
    }

    private static async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(address, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    [GeneratedRegex(@"listening on (http://[\d.]+:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"dashboard, this link works once: (http://[\d.]+:\d+)")]
    private static partial Regex DashboardLink();
}

/// <summary>Publishes Ser.Server for this machine's system, framework-dependent.</summary>
public sealed class PublishedServer : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ser-server-").FullName;

    public PublishedServer()
    {
        string project = Path.Combine(Repository.Root, "src", "Ser.Server");
        var start = new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "--no-restore", "-nologo", "-o", Folder])
        {
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        string output = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        Assert.True(publish.ExitCode == 0, output);
    }

    /// <summary>The published folder.</summary>
    public string Folder => Path.Combine(_root, "published");

    internal SerProcess Start(params string[] args) => SerProcess.StartProgram(Path.Combine(Folder, "ser-server.dll"), _root, args);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
