using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>A short run of tests/Ser.Chaos: a farm of real processes under faults. docs/reliability.md describes a long run.</summary>
public sealed class ChaosTests
{
    private const int NoServers = 77;
    private const int ChildSubreaper = 36;

    // The faults of this seed begin with a kill of PostgreSQL (after about 10 s); RabbitMQ and Ceph follow.
    private const string Seed = "11";

    [Fact]
    public async Task A_sweep_under_faults_has_the_calm_digest_and_leaves_nothing_behind()
    {
        string[] args = [Repository.Chaos, "--minutes", "1", "--seed", Seed, "--json"];
        var start = new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true, RedirectStandardError = true };

        // This process plays an init that never reaps orphans, as in a container without one: a server that chaos kills
        // and does not wait for stays a zombie, and PostgreSQL does not start while its predecessor is one.
        AdoptOrphans(true);
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
            Assert.True(root.GetProperty("faults").GetInt32() >= 3, errors);
            Assert.True(root.GetProperty("faultsByKind").TryGetProperty("postgres-kill", out _), errors);
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

            AdoptOrphans(false);
        }
    }

    private static void AdoptOrphans(bool adopt) => Assert.Equal(0, SetProcessOption(ChildSubreaper, adopt ? 1u : 0u, 0, 0, 0));

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int SetProcessOption(int option, nuint value, nuint unused1, nuint unused2, nuint unused3);
}
