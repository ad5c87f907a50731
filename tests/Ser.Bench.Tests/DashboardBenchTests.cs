using Ser.Bench.Dashboard;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Bench.Tests;

public sealed class DashboardBenchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ser-bench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_benchmark_starts_a_dashboard_over_its_store_and_signs_in()
    {
        using var data = DataFolder.OpenAsRunner(_folder, "ser bench dashboard");
        var size = new LargeStore(Sweeps: 1, Jobs: 9, Points: 10, Folds: 10);
        size.Fill(data.Jobs, data.Artifacts, data.Work, TestContext.Current.SendDiagnosticMessage);
        using var bench = await DashboardBench.StartAsync(
            data, size, BenchDashboardCommand.DashboardCommand(data.Folder), TestContext.Current.SendDiagnosticMessage);
        Assert.NotNull(bench);
    }
}
