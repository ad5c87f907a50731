using System.Text.RegularExpressions;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Scheduler and worker as real processes: over HTTP, with tokens, and ended by SIGTERM.</summary>
public sealed partial class HostTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    private string Folder => experiments.Folder;

    [Fact]
    public async Task A_sweep_submitted_over_http_has_the_digest_of_an_embedded_one_and_both_show_the_same()
    {
        experiments.WriteExperiment("remote.yaml", epochs: 1, lambda: "0");
        string data = Path.Combine(Folder, "up-data");
        string[] listen = ["--listen", "http://127.0.0.1:0", "--dashboard", "http://127.0.0.1:0"];
        using var up = SerProcess.Start(Folder, ["up", "--data", data, .. listen, "--name", "w1"]);
        string server = await AddressAsync(up);
        var submitted = await SerProcess.RunAsync(Folder, "submit", "remote.yaml", "--server", server, "--json");
        Assert.True(submitted.ExitCode == 0, submitted.Errors);
        Assert.Equal(9, submitted.Json().GetProperty("planned").GetInt32());
        var watched = await SerProcess.RunAsync(Folder, "watch", "remote", "--server", server);
        Assert.True(watched.ExitCode == 0, watched.Errors);

        var results = await SerProcess.RunAsync(Folder, "results", "remote", "--server", server, "--json");
        Assert.Equal(results.Output, (await SerProcess.RunAsync(Folder, "results", "remote", "--data", data, "--json")).Output);
        var local = await SerProcess.RunAsync(Folder, "status", "--data", data, "--json");
        Assert.Equal(local.Output, (await SerProcess.RunAsync(Folder, "status", "--server", server, "--json")).Output);
        string embeddedData = Path.Combine(Folder, "embedded-data");
        var embedded = await SerProcess.RunAsync(Folder, "run", "remote.yaml", "--json", "--data", embeddedData);
        Assert.Equal(embedded.Digest, results.Digest);

        foreach (string[] at in (string[][])[["--server", server], ["--data", data]])
        {
            var exported = await SerProcess.RunAsync(Folder, ["export", "remote", $"remote{at[0]}.zip", .. at]);
            Assert.True(exported.ExitCode == 0, exported.Errors);
            var report = await SerProcess.RunAsync(Folder, ["report", "remote", "--out", $"report{at[0]}", .. at]);
            Assert.True(report.ExitCode == 0, report.Errors);
        }

        byte[] bundle = await File.ReadAllBytesAsync(Path.Combine(Folder, "remote--data.zip"));
        Assert.Equal(bundle, await File.ReadAllBytesAsync(Path.Combine(Folder, "remote--server.zip")));
        string reportText = await File.ReadAllTextAsync(Path.Combine(Folder, "report--data", "report.md"));
        Assert.Equal(reportText, await File.ReadAllTextAsync(Path.Combine(Folder, "report--server", "report.md")));

        var unknown = await SerProcess.RunAsync(Folder, "results", "remot", "--server", server);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("the nearest is remote", unknown.Errors, StringComparison.Ordinal);
        var both = await SerProcess.RunAsync(Folder, "status", "--server", server, "--data", data);
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("exclude each other", both.Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await SerProcess.RunAsync(Folder, "token", "create", "--role", "viewer", "--data", data)).ExitCode);
        var closed = await SerProcess.RunAsync(Folder, "status", "--server", server);
        Assert.Equal(2, closed.ExitCode);
        Assert.Contains("SER_TOKEN", closed.Errors, StringComparison.Ordinal);
        up.Terminate();
        Assert.Equal(0, (await up.EndAsync()).ExitCode);
        var gone = await SerProcess.RunAsync(Folder, "status", "--server", server);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("there is no scheduler at", gone.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_of_a_worker_releases_its_job_with_a_checkpoint_and_the_next_one_gets_the_same_bits()
    {
        experiments.WriteExperiment("handed.yaml", epochs: 8, lambda: "0");
        string data = Path.Combine(Folder, "worker-data");
        using (var scheduler = SerProcess.Start(Folder, "scheduler", "--data", data, "--listen", "http://127.0.0.1:0"))
        {
            string address = await AddressAsync(scheduler);
            var submitted = await SerProcess.RunAsync(Folder, "submit", "handed.yaml", "--shared-paths", "--server", address);
            Assert.True(submitted.ExitCode == 0, submitted.Errors);
            scheduler.Terminate();
            Assert.Equal(0, (await scheduler.EndAsync()).ExitCode);
        }

        using (var worker = SerProcess.Start(Folder, "worker", "--data", data, "--name", "first"))
        {
            while (!worker.HasExited && !await TrainsAsync(data))
            {
            }

            worker.Terminate();
            Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        }

        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(data, "artifacts", "checkpoints"), "*", SearchOption.AllDirectories));
        var status = await SerProcess.RunAsync(Folder, "status", "--json", "--data", data);
        Assert.Empty(status.Json().GetProperty("sweeps")[0].GetProperty("running").EnumerateArray());
        var second = await SerProcess.RunAsync(Folder, "worker", "--data", data, "--name", "second", "--until-idle");
        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.Contains("stopping: idle", second.Errors, StringComparison.Ordinal);
        var results = await SerProcess.RunAsync(Folder, "results", "handed", "--json", "--data", data);
        var reference = await SerProcess.RunAsync(Folder, "run", "handed.yaml", "--json", "--data", Path.Combine(Folder, "unhanded-data"));
        Assert.Equal(reference.Digest, results.Digest);
    }

    [Fact]
    public async Task A_host_names_every_problem_of_its_configuration_at_once()
    {
        string file = Path.Combine(Folder, "wrong.json");
        const string Wrong = """
            {
              "Scheduler": { "Listen": "https://somewhere:1", "Lissen": "x" },
              "Worker": { "Slots": "many", "MaxTime": "soon" }
            }
            """;
        await File.WriteAllTextAsync(file, Wrong, TestContext.Current.CancellationToken);
        var scheduler = await SerProcess.RunAsync(Folder, "scheduler", "--config", file, "--data", Path.Combine(Folder, "wrong-data"));
        Assert.Equal(2, scheduler.ExitCode);
        Assert.Contains("https://somewhere:1", scheduler.Errors, StringComparison.Ordinal);
        Assert.Contains("the nearest is Scheduler:Listen", scheduler.Errors, StringComparison.Ordinal);
        var worker = await SerProcess.RunAsync(Folder, "worker", "--config", file, "--data", Path.Combine(Folder, "wrong-data"));
        Assert.Equal(2, worker.ExitCode);
        Assert.Contains("Worker:Slots is 'many'", worker.Errors, StringComparison.Ordinal);
        Assert.Contains("Worker:MaxTime is 'soon'", worker.Errors, StringComparison.Ordinal);
        string[] everywhere = ["--listen", "http://0.0.0.0:0", "--data", Path.Combine(Folder, "wrong-data")];
        var open = await SerProcess.RunAsync(Folder, ["scheduler", .. everywhere]);
        Assert.Equal(2, open.ExitCode);
        Assert.Contains("ser token create --role operator", open.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> AddressAsync(SerProcess host)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!host.HasExited)
        {
            if (Listening().Match(host.Errors) is { Success: true } match)
            {
                return match.Groups["address"].Value;
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException(host.Errors);
    }

    private async Task<bool> TrainsAsync(string data)
    {
        var status = await SerProcess.RunAsync(Folder, "status", "--json", "--data", data);
        return status.ExitCode == 0 && status.RunningJobs()
            .Any(job => job.GetProperty("stage").GetString() == "FineTune" && job.GetProperty("epoch").GetInt32() is >= 1 and <= 5);
    }

    [GeneratedRegex("listening on (?<address>http://[0-9.:]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
