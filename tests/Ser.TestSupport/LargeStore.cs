using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;

namespace Ser.TestSupport;

/// <summary>A store as large as a busy lab's after a year: many finished sweeps, some with failures, one that runs, and one of very many arms × folds that runs.</summary>
/// <param name="Sweeps">Sweeps.</param>
/// <param name="Jobs">Their jobs, three for each fold.</param>
/// <param name="Points">Points of their learning curves.</param>
/// <param name="Folds">Arms × folds of the one sweep beside them.</param>
public sealed record LargeStore(int Sweeps, int Jobs, int Points, int Folds)
{
    /// <summary>Name of the sweep that runs.</summary>
    public const string Live = "live";

    /// <summary>Name of the sweep of many arms × folds.</summary>
    public const string Wide = "wide";

    private const int JobsOfFold = 3, UsualFolds = 11, WideFolds = 10, Queries = 12;
    private static readonly string[] Owners = ["ann", "bo", "cem"];

    /// <summary>Epochs of each training.</summary>
    public int Epochs => Math.Max(2, Points / ((Sweeps * Arms * FoldsOfArm) + Folds));

    private int Places => Math.Max(3, Jobs / Sweeps / JobsOfFold);

    private int Arms => Math.Max(1, Places / UsualFolds);

    private int FoldsOfArm => Places / Arms;

    /// <summary>Fills a store.</summary>
    /// <param name="jobs">The store.</param>
    /// <param name="artifacts">Its results.</param>
    /// <param name="work">Folder of results in the making, on the disk of the results.</param>
    /// <param name="say">Told how far it is.</param>
    public void Fill(IJobStore jobs, IArtifactStore artifacts, string work, Action<string> say)
    {
        var store = new MadeUpStore(jobs, artifacts, work);
        for (int i = 1; i < Sweeps; i++)
        {
            bool broken = i % 10 == 0;
            store.Add(Sweep($"sweep-{i:000}", i, Arms, FoldsOfArm, Owners[i % Owners.Length], (arm, fold) => broken && arm == 0 && fold == 1 ? FoldFate.Failed : FoldFate.Done));
            if (i % 20 == 0)
            {
                say($"{i} of {Sweeps} sweeps are made up");
            }
        }

        say($"a sweep of {Folds} arms × folds");
        int arms = Math.Max(1, Folds / WideFolds);
        store.Add(Sweep(Wide, Sweeps, arms, WideFolds, Owners[0], (arm, fold) => arm == 0 && fold <= 2 ? FoldFate.Ready : FoldFate.Done));
        store.Add(Sweep(Live, Sweeps + 1, Arms, FoldsOfArm, Owners[1], (arm, fold) => arm == 0 && fold <= FoldsOfArm / 2 ? FoldFate.Ready : FoldFate.Done));
    }

    // Another seed for each, or they would share their jobs.
    private MadeUp Sweep(string name, int number, int arms, int folds, string owner, Func<int, int, FoldFate> fate) =>
        new(name, new GridEntry { Lambda = [.. Enumerable.Range(0, arms).Select(arm => Math.Round(0.01 * (arm % 100), 2))], Seed = [.. Enumerable.Range(0, (arms + 99) / 100).Select(at => (long)((number * 100) + at))] }, folds, Epochs, Queries, fate) { Owner = owner };
}
