using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;

namespace Ser.TestSupport;

/// <summary>
/// A store of the size that a busy lab has after a year: many finished sweeps, some with failures, a running sweep, and another
/// running sweep with very many arms × folds.
/// </summary>
/// <param name="Sweeps">Number of ordinary sweeps, including the running one.</param>
/// <param name="Jobs">Number of their jobs, three per fold.</param>
/// <param name="Points">Number of points of all learning curves.</param>
/// <param name="Folds">Number of arms × folds of the wide sweep.</param>
public sealed record LargeStore(int Sweeps, int Jobs, int Points, int Folds)
{
    /// <summary>Name of the running sweep of ordinary size.</summary>
    public const string Live = "live";

    /// <summary>Name of the sweep with many arms × folds.</summary>
    public const string Wide = "wide";

    private const int JobsPerFold = 3, FoldsPerArm = 11, WideFolds = 10, Queries = 12;
    private static readonly string[] Owners = ["ann", "bo", "cem"];

    /// <summary>Number of epochs of each training.</summary>
    public int Epochs => Math.Max(2, Points / ((Sweeps * Arms * FoldsOfArm) + Folds));

    private int ArmFolds => Math.Max(3, Jobs / Sweeps / JobsPerFold);

    private int Arms => Math.Max(1, ArmFolds / FoldsPerArm);

    private int FoldsOfArm => ArmFolds / Arms;

    /// <summary>Fills a store.</summary>
    /// <param name="jobs">Receives the sweeps.</param>
    /// <param name="artifacts">Receives the results.</param>
    /// <param name="work">Folder for unpublished results, on the same disk as the results.</param>
    /// <param name="report">Receives the progress.</param>
    public void Fill(JobPorts jobs, IArtifactStore artifacts, string work, Action<string> report)
    {
        var store = new MadeUpStore(jobs, artifacts, work);
        for (int i = 1; i < Sweeps; i++)
        {
            bool hasFailure = i % 10 == 0;
            FoldOutcome Fate(int arm, int fold) => hasFailure && arm == 0 && fold == 1 ? FoldOutcome.Failed : FoldOutcome.Done;
            store.Add(Sweep($"sweep-{i:000}", i, Arms, FoldsOfArm, Owners[i % Owners.Length], Fate));
            if (i % 20 == 0)
            {
                report($"{i} of {Sweeps} sweeps created");
            }
        }

        report($"creating a sweep of {Folds} arms × folds");
        int arms = Math.Max(1, Folds / WideFolds);
        store.Add(Sweep(Wide, Sweeps, arms, WideFolds, Owners[0], FirstFoldsReady(2)));
        store.Add(Sweep(Live, Sweeps + 1, Arms, FoldsOfArm, Owners[1], FirstFoldsReady(FoldsOfArm / 2)));
    }

    private static Func<int, int, FoldOutcome> FirstFoldsReady(int folds) =>
        (arm, fold) => arm == 0 && fold <= folds ? FoldOutcome.Ready : FoldOutcome.Done;

    // Each sweep has its own seeds, because sweeps of equal settings would share their jobs.
    private MadeUpSweep Sweep(string name, int number, int arms, int folds, string owner, Func<int, int, FoldOutcome> fate)
    {
        var lambdas = Enumerable.Range(0, arms).Select(arm => Math.Round(0.01 * (arm % 100), 2));
        var seeds = Enumerable.Range(0, (arms + 99) / 100).Select(i => (long)((number * 100) + i));
        var grid = new GridEntry { Lambda = [.. lambdas], Seed = [.. seeds] };
        return new MadeUpSweep(name, grid, folds, Epochs, Queries, fate) { Owner = owner };
    }
}
