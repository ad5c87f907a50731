using System.Diagnostics;
using System.Text.Json;

namespace Ser.EndToEnd.Tests;

/// <summary>A short run of tests/Ser.Chaos: the farm of real processes and servers under faults. docs/reliability.md has a long one.</summary>
public sealed class ChaosTests
{
    private const int NoServers = 77;

    [Fact]
    public async Task A_sweep_under_faults_has_the_calm_digest_and_leaves_nothing_behind()
    {
        var start = new ProcessStartInfo("dotnet", [SerProcess.Chaos, "--minutes", "1", "--seed", "3", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var chaos = Process.Start(start)!;
        try
        {
            var output = chaos.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string errors = await chaos.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await chaos.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(chaos.ExitCode == NoServers, errors);
            Assert.True(chaos.ExitCode == 0, errors);
            using var verdict = JsonDocument.Parse(await output);
            var root = verdict.RootElement;
            Assert.True(root.GetProperty("faults").GetInt32() >= 5, errors);
            Assert.True(root.GetProperty("jobs").GetInt32() >= 40, errors);
            Assert.True(root.GetProperty("digestEqual").GetBoolean(), errors);
            Assert.All(["lost", "double", "left"], count => Assert.Equal(0, root.GetProperty(count).GetInt32()));
        }
        finally
        {
            if (!chaos.HasExited)
            {
                chaos.Kill(entireProcessTree: true);
            }
        }
    }
}
