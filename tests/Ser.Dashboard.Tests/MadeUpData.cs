using Ser.Results;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests;

/// <summary>A data folder with one made-up sweep, for view functions that need real results.</summary>
internal sealed class MadeUpData : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MadeUpData(params MadeUpSweep[] sweeps)
    {
        Data = DataFolder.OpenAsRunner(_folder.At("data"), "test", new LeaseSettings(Seconds: 36_000));
        var store = new MadeUpStore(Data.Jobs, Data.Artifacts, _folder.At("making"));
        foreach (var sweep in sweeps)
        {
            store.Add(sweep);
        }
    }

    public DataFolder Data { get; }

    /// <summary>A sweep of λ = 0 and 0.1 in which every fold but the failed ones is done.</summary>
    public static MadeUpSweep Sweep(string name, params int[] failed)
    {
        FoldOutcome Fate(int arm, int fold) => failed.Contains(fold) ? FoldOutcome.Failed : FoldOutcome.Done;
        return new MadeUpSweep(name, RunningDashboard.Grid(0, 0.1), 3, 4, 16, Fate);
    }

    public StoredSweep Stored(string name) => StoredSweep.Read(Data.Reads, Data.Artifacts, name);

    public void Dispose()
    {
        Data.Dispose();
        _folder.Dispose();
    }
}
