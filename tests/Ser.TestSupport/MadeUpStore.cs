using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Domain.Statistics;
using Ser.Stages;
using Ser.Stages.Evaluate;
using Ser.Stages.FineTune;
using Ser.Storage.Jobs;

namespace Ser.TestSupport;

/// <summary>The fate of a fold in a made-up sweep.</summary>
public enum FoldOutcome
{
    /// <summary>Every job is done.</summary>
    Done,

    /// <summary>Its training has failed and used up its attempts.</summary>
    Failed,

    /// <summary>Its training is running and half way through.</summary>
    Running,

    /// <summary>No job has started.</summary>
    Ready,
}

/// <summary>Describes a made-up sweep.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Grid">Its arms.</param>
/// <param name="Folds">Number of folds, which is also the number of speakers.</param>
/// <param name="Epochs">Number of points of each learning curve.</param>
/// <param name="UtterancesPerSpeaker">Number of utterances of each speaker.</param>
/// <param name="Outcome">The fate of each fold, by the number of the arm (from 0) and of the fold (from 1).</param>
public sealed record MadeUpSweep(string Name, GridEntry Grid, int Folds,
    int Epochs, int UtterancesPerSpeaker, Func<int, int, FoldOutcome> Outcome)
{
    /// <summary>Owner of the sweep; null if it has none.</summary>
    public string? Owner { get; init; }
}

/// <summary>
/// Fills a store, through its ordinary operations, with sweeps whose results are random numbers. It serves to measure and to test the
/// dashboard without days of training. The worker and the corpus are named made-up.
/// </summary>
public sealed class MadeUpStore(JobPorts jobs, IArtifactStore artifacts, string work)
{
    private const int ClaimSize = 64;
    private const int Neighbours = 16;
    private const string Worker = "made-up";
    private static readonly string[] Classes = ["angry", "happy", "sad", "neutral"];

    /// <summary>Submits a sweep and brings each of its folds into the state that its fate demands.</summary>
    public void Add(MadeUpSweep sweep)
    {
        var corpus = Corpus(sweep);
        var experiment = Experiment(sweep);
        var plan = new PlanContext(experiment, corpus, FoldPlanner.Plan(corpus, sweep.Folds), new Dictionary<string, WeightsInput>(), 1);
        var folds = Pipeline.Plan(plan);
        artifacts.Put(ArtifactKeys.Corpus(corpus.Digest), CorpusFile.Write(corpus));
        jobs.Sweeps.Submit(new SweepPlan(sweep.Name, SweepDefinition.FromPlan(plan, folds).ToJson(), FoldJobs.ToSweepJobs(folds))
        {
            Terms = new SweepTerms { Owner = sweep.Owner },
        });
        var armNumbers = experiment.Arms().Index().ToDictionary(arm => arm.Item, arm => arm.Index);
        var targets = folds
            .SelectMany(fold => fold.Jobs.Values.Select(job => (job.Id, Target: new Target(fold, armNumbers[fold.Arm]))))
            .ToDictionary(job => job.Id, job => job.Target);
        var claim = new ClaimRequest(Worker, [.. Pipeline.Stages.Select(stage => stage.Name)], sweep.Name);
        var untouched = new List<Lease>();
        while (jobs.Leases.Claim(claim, ClaimSize) is { Count: > 0 } claimed)
        {
            var toFinish = new List<ClaimedJob>();
            foreach (var job in claimed)
            {
                if (ApplyFate(job, targets[job.Lease.JobId], sweep, untouched))
                {
                    toFinish.Add(job);
                }
            }

            Finish(toFinish, targets, corpus, sweep);
        }

        foreach (var lease in untouched)
        {
            jobs.Leases.Release(lease, "not started", "");
        }
    }

    /// <summary>Reports progress of a training.</summary>
    /// <param name="lease">Lease of the training.</param>
    /// <param name="step">Number of finished steps.</param>
    /// <param name="epoch">The finished epoch, from 1.</param>
    /// <param name="epochs">Number of epochs of the training.</param>
    public void ReportProgress(Lease lease, long step, int epoch, int epochs) =>
        jobs.Leases.Renew(lease, new StageProgress(step, epoch, epochs, 0.8, 5.5), Curve(0, lease.JobId[0], epoch, epoch, epochs));

    private static Experiment Experiment(MadeUpSweep sweep) => new()
    {
        Name = sweep.Name,
        Corpus = new CorpusReference("csv", "/made-up"),
        Folds = sweep.Folds,
        Encoder = new EncoderSettings { Preset = "tiny" },
        Grid = [sweep.Grid],
        Training = new TrainingSettings { Epochs = sweep.Epochs },
        Retrieval = new RetrievalSettings { K = [.. Enumerable.Range(1, Neighbours)] },
    };

    // Applies the fate of a claimed job. True if the job is to be finished; jobs that are to stay ready are added to untouched.
    private bool ApplyFate(ClaimedJob job, Target target, MadeUpSweep sweep, List<Lease> untouched)
    {
        int fold = target.Fold.Fold.Number;
        switch (sweep.Outcome(target.Arm, fold))
        {
            case FoldOutcome.Ready:
                untouched.Add(job.Lease);
                return false;
            case FoldOutcome.Failed:
                const string Log = "epoch 7 step 411 loss 3.1\nepoch 7 step 412 loss NaN";
                jobs.Leases.Fault(job.Lease, "loss became NaN at step 412 of epoch 7", Log);
                return false;
            case FoldOutcome.Running:
                var progress = new StageProgress(1000, sweep.Epochs / 2, sweep.Epochs, 0.8, 5.5);
                jobs.Leases.Renew(job.Lease, progress, Curve(target.Arm, fold, 1, sweep.Epochs / 2, sweep.Epochs));
                return false;
            default:
                return true;
        }
    }

    private void Finish(IReadOnlyList<ClaimedJob> claimed, IReadOnlyDictionary<string, Target> targets, Corpus corpus, MadeUpSweep sweep)
    {
        if (claimed.Count == 0)
        {
            return;
        }

        var results = new PublishedResult[claimed.Count];
        Parallel.For(0, claimed.Count, i => results[i] = Publish(claimed[i], targets[claimed[i].Lease.JobId], corpus));
        foreach (var job in claimed.Where(job => job.Stage == FineTuneStage.StageName))
        {
            var target = targets[job.Lease.JobId];
            var progress = new StageProgress(2000, sweep.Epochs, sweep.Epochs, 0.3, 5.5);
            jobs.Leases.Renew(job.Lease, progress, Curve(target.Arm, target.Fold.Fold.Number, 1, sweep.Epochs, sweep.Epochs));
        }

        jobs.Leases.Complete(results);
        var offered = claimed.Zip(results, (job, result) =>
            new JobResult(job.Lease.JobId, job.Stage, job.Lease.Attempt, result.ManifestDigest));
        jobs.Acceptance.Accept([.. offered]);
    }

    private PublishedResult Publish(ClaimedJob job, Target target, Corpus corpus)
    {
        string folder = Path.Combine(work, $"{job.Lease.JobId}-{job.Lease.Attempt}");
        Directory.CreateDirectory(folder);
        if (job.Stage == EvaluateStage.StageName)
        {
            EvaluationFile.Write(folder, Evaluation(target.Arm, target.Fold.Fold, corpus));
        }
        else
        {
            File.WriteAllText(Path.Combine(folder, "made-up.txt"), "Nothing was trained.\n");
        }

        var environment = new Dictionary<string, string> { ["made-up"] = "yes" };
        var published = new PublishedResult(job.Lease, artifacts.Publish(job.Stage, job.Lease, folder, environment));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return published;
    }

    private static Corpus Corpus(MadeUpSweep sweep)
    {
        string[] speakerNames = [.. Enumerable.Range(1, sweep.Folds).Select(number => $"s{number:00}")];
        var numbered = speakerNames.SelectMany(_ => Enumerable.Range(0, sweep.UtterancesPerSpeaker),
            (speaker, i) => MadeUpUtterance(speaker, i));
        Utterance[] utterances = [.. numbered];
        var speakers = speakerNames.Select(name => new Speaker(name, null, CountClasses(utterances, name)));
        string digest = CorpusDigest.Compute(Classes, utterances);
        return new Corpus("csv", "/made-up", digest, Classes, utterances, [.. speakers], new Dictionary<string, int>());
    }

    private static Utterance MadeUpUtterance(string speaker, int i)
    {
        string name = $"{speaker}-{i:000}", noDigest = new('0', 64);
        return new Utterance(name, speaker, null, i % 5 % Classes.Length, $"/made-up/{name}.wav", noDigest, 16_000, 32_000);
    }

    private static int[] CountClasses(IReadOnlyList<Utterance> utterances, string speaker)
    {
        var own = utterances.Where(utterance => utterance.Speaker == speaker).ToList();
        return [.. Classes.Select((_, c) => own.Count(utterance => utterance.Class == c))];
    }

    private static IReadOnlyList<EpochPoint> Curve(int arm, int fold, int from, int to, int epochs) =>
        [.. Enumerable.Range(from, to - from + 1).Select(epoch => CurvePoint(arm, fold, epoch, epochs))];

    private static EpochPoint CurvePoint(int arm, int fold, int epoch, int epochs)
    {
        double learnt = 1 - Math.Exp(-4.0 * epoch / epochs), noise = 0.02 * (Unit(arm, fold, epoch) - 0.5);
        double finalGain = 0.42 + (0.02 * arm) + (0.05 * (Unit(arm, fold, 0) - 0.5));
        double ua = 0.27 + (finalGain * learnt) + noise;
        double learningRate = epoch > epochs / 2 ? 1e-4 : 1e-3;
        return new EpochPoint(epoch, 1.6 - learnt, 1.4 - learnt, 0.2, 1.4 - (0.8 * learnt), ua + 0.01, ua, learningRate, 1L << 30);
    }

    private static FoldEvaluation Evaluation(int arm, Fold fold, Corpus corpus)
    {
        var validation = Queries(arm, fold, fold.Validation, corpus, 1);
        var test = Queries(arm, fold, fold.Test, corpus, 2);
        return new FoldEvaluation(fold.Number, fold.TestSpeakers, fold.ValidationSpeakers, Classes.Length, 1, validation, test);
    }

    // The model is right for about two in three queries, its neighbours a little more often.
    private static QuerySet Queries(int arm, Fold fold, IReadOnlyList<int> side, Corpus corpus, int draw)
    {
        ulong counter = 0;
        ulong seed = SplitMix.Bits((ulong)((arm * 1000) + fold.Number), (ulong)draw);
        double hard = 0.12 * (Unit(arm: 7, fold.Number, 5) - 0.5);
        int[] truth = [.. side.Select(index => corpus.Utterances[index].Class)];

        // The class that a query resembles, which is usually its true class. Model and neighbours answer with it most of the time.
        int[] resembles = [.. truth.Select(right => Next() < 0.7 + hard + (0.02 * arm) ? right : Below(Classes.Length))];
        string[] speakers = [.. side.Select(index => corpus.Utterances[index].Speaker)];
        double[][] model = [.. resembles.Select((like, i) => Model(Next() < 0.8 ? like : Next() < 0.5 ? truth[i] : Below(Classes.Length)))];
        int[][] neighbours = [.. truth.Select(_ => Repeat(() => fold.Train[Below(fold.Train.Count)]).ToArray())];
        int[][] labels = [.. resembles.Select(like => Repeat(() => Next() < 0.55 ? like : Below(Classes.Length)).ToArray())];
        double[][] distances = [.. truth.Select(_ => Repeat(() => 0.5 + Next()).Order().ToArray())];
        return new QuerySet(side, speakers, truth, model, neighbours, labels, distances);

        double Next() => (SplitMix.Bits(seed, counter++) >> 11) * (1.0 / (1UL << 53));

        int Below(int limit) => SplitMix.Below(seed, counter++, limit);

        static IEnumerable<T> Repeat<T>(Func<T> make) => Enumerable.Range(0, Neighbours).Select(_ => make());

        double[] Model(int answer)
        {
            double[] p = [.. Classes.Select((_, c) => 0.2 + Next() + (c == answer ? 0.9 : 0))];
            double sum = p.Sum();
            return Array.ConvertAll(p, value => value / sum);
        }
    }

    // A random number from 0 to 1.
    private static double Unit(int arm, int fold, int draw) =>
        (SplitMix.Bits((ulong)((arm * 1000) + fold), (ulong)draw) >> 11) * (1.0 / (1UL << 53));

    private sealed record Target(FoldJobs Fold, int Arm);
}
