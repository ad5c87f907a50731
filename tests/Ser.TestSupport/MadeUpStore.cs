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

namespace Ser.TestSupport;

/// <summary>What becomes of a fold in a made-up sweep.</summary>
public enum FoldFate
{
    /// <summary>Every job is done.</summary>
    Done,

    /// <summary>Its training has failed as often as it may.</summary>
    Failed,

    /// <summary>Its training runs, half way.</summary>
    Running,

    /// <summary>Nothing has begun.</summary>
    Ready,
}

/// <summary>A made-up sweep.</summary>
/// <param name="Name">Name.</param>
/// <param name="Grid">Its arms.</param>
/// <param name="Folds">Speakers of the corpus, and folds.</param>
/// <param name="Epochs">Points of each learning curve.</param>
/// <param name="Queries">Utterances of each speaker.</param>
/// <param name="Fate">Of arm (from 0) and fold (from 1).</param>
public sealed record MadeUp(string Name, GridEntry Grid, int Folds, int Epochs, int Queries, Func<int, int, FoldFate> Fate)
{
    /// <summary>Whose it is.</summary>
    public string? Owner { get; init; }
}

/// <summary>Fills a store through its own verbs with sweeps whose numbers are drawn: for measuring and testing the dashboard, where training would take days. The corpus is named made-up.</summary>
public sealed class MadeUpStore(IJobStore jobs, IArtifactStore artifacts, string work)
{
    private const int AtOnce = 64;
    private const int Neighbours = 16;
    private const string Worker = "made-up";
    private static readonly string[] Classes = ["angry", "happy", "sad", "neutral"];

    /// <summary>Submits a sweep and lets its folds meet their fates.</summary>
    public void Add(MadeUp sweep)
    {
        var corpus = Corpus(sweep);
        var experiment = new Experiment
        {
            Name = sweep.Name,
            Corpus = new CorpusReference("csv", "/made-up"),
            Folds = sweep.Folds,
            Encoder = new EncoderSettings { Preset = "tiny" },
            Grid = [sweep.Grid],
            Training = new TrainingSettings { Epochs = sweep.Epochs },
            Retrieval = new RetrievalSettings { K = [.. Enumerable.Range(1, Neighbours)] },
        };
        var plan = new PlanContext(experiment, corpus, FoldPlanner.Plan(corpus, sweep.Folds), new Dictionary<string, WeightsInput>(), 1);
        var folds = Pipeline.Plan(plan);
        artifacts.Put(ArtifactKeys.Corpus(corpus.Digest), CorpusFile.Write(corpus));
        jobs.Submit(new SweepPlan(sweep.Name, SweepDefinition.Of(plan, folds).ToJson(), [.. folds.SelectMany(fold => fold.Jobs.Values.Select(job => new SweepJob(job, fold.Arm.Name, fold.Fold.Number)))])
        {
            Terms = new SweepTerms { Owner = sweep.Owner },
        });
        var places = folds.SelectMany(fold => fold.Jobs.Values.Select(job => (job.Id, fold))).ToDictionary(place => place.Id, place => place.fold);
        var armNumbers = experiment.Arms().Select((arm, number) => (arm, number)).ToDictionary(arm => arm.arm, arm => arm.number);
        var untouched = new List<Lease>();
        while (jobs.Claim(new ClaimRequest(Worker, [.. Pipeline.Stages.Select(stage => stage.Name)], sweep.Name), AtOnce) is { Count: > 0 } claimed)
        {
            var done = new List<ClaimedJob>();
            foreach (var job in claimed)
            {
                var fold = places[job.Lease.JobId];
                int arm = armNumbers[fold.Arm];
                switch (sweep.Fate(arm, fold.Fold.Number))
                {
                    case FoldFate.Ready:
                        untouched.Add(job.Lease);
                        break;
                    case FoldFate.Failed:
                        jobs.Fault(job.Lease, "loss became NaN at step 412 of epoch 7", "epoch 7 step 411 loss 3.1\nepoch 7 step 412 loss NaN");
                        break;
                    case FoldFate.Running:
                        jobs.Renew(job.Lease, new StageProgress(1000, sweep.Epochs / 2, sweep.Epochs, 0.8, 5.5), Curve(arm, fold.Fold.Number, 1, sweep.Epochs / 2, sweep.Epochs));
                        break;
                    default:
                        done.Add(job);
                        break;
                }
            }

            Finish(done, places, armNumbers, corpus, sweep);
        }

        foreach (var lease in untouched)
        {
            jobs.HandBack(lease, "not begun", "");
        }
    }

    /// <summary>Moves a training on.</summary>
    /// <param name="lease">Who holds it.</param>
    /// <param name="step">The step that is over.</param>
    /// <param name="epoch">The epoch that is over, from 1.</param>
    /// <param name="epochs">Epochs that it has.</param>
    public void Move(Lease lease, long step, int epoch, int epochs) => jobs.Renew(lease, new StageProgress(step, epoch, epochs, 0.8, 5.5), Curve(0, lease.JobId[0], epoch, epoch, epochs));

    private void Finish(IReadOnlyList<ClaimedJob> claimed, IReadOnlyDictionary<string, FoldJobs> places, IReadOnlyDictionary<Arm, int> arms, Corpus corpus, MadeUp sweep)
    {
        var results = new PublishedResult[claimed.Count];
        Parallel.For(0, claimed.Count, at =>
        {
            var job = claimed[at];
            var fold = places[job.Lease.JobId];
            string folder = Path.Combine(work, $"{job.Lease.JobId}-{job.Lease.Attempt}");
            Directory.CreateDirectory(folder);
            if (job.Stage == EvaluateStage.StageName)
            {
                EvaluationFile.Write(folder, Evaluation(arms[fold.Arm], fold.Fold, corpus));
            }
            else
            {
                File.WriteAllText(Path.Combine(folder, "made-up.txt"), "Nothing was trained.\n");
            }

            results[at] = new PublishedResult(job.Lease, artifacts.Publish(job.Stage, job.Lease, folder, new Dictionary<string, string> { ["made-up"] = "yes" }));
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        foreach (var job in claimed.Where(job => job.Stage == FineTuneStage.StageName))
        {
            var fold = places[job.Lease.JobId];
            jobs.Renew(job.Lease, new StageProgress(2000, sweep.Epochs, sweep.Epochs, 0.3, 5.5), Curve(arms[fold.Arm], fold.Fold.Number, 1, sweep.Epochs, sweep.Epochs));
        }

        if (claimed.Count > 0)
        {
            jobs.Offer(results);
            jobs.Accept([.. claimed.Zip(results).Select(made => new OfferedResult(made.First.Lease.JobId, made.First.Stage, made.First.Lease.Attempt, made.Second.ManifestDigest))]);
        }
    }

    private static Corpus Corpus(MadeUp sweep)
    {
        string[] speakers = [.. Enumerable.Range(1, sweep.Folds).Select(number => $"s{number:00}")];
        Utterance[] utterances = [.. from speaker in speakers from i in Enumerable.Range(0, sweep.Queries) select new Utterance($"{speaker}-{i:000}", speaker, null, i % 5 % Classes.Length, $"/made-up/{speaker}-{i:000}.wav", new string('0', 64), 16_000, 32_000)];
        return new Corpus("csv", "/made-up", CorpusDigest.Of(Classes, utterances), Classes, utterances,
            [.. speakers.Select(speaker => new Speaker(speaker, null, [.. Classes.Select((_, c) => utterances.Count(utterance => utterance.Speaker == speaker && utterance.Class == c))]))], new Dictionary<string, int>());
    }

    private static IReadOnlyList<EpochPoint> Curve(int arm, int fold, int from, int to, int epochs) => [.. Enumerable.Range(from, to - from + 1).Select(epoch =>
    {
        double learnt = 1 - Math.Exp(-4.0 * epoch / epochs), noise = 0.02 * (Unit(arm, fold, epoch) - 0.5);
        double ua = 0.27 + ((0.42 + (0.02 * arm) + (0.05 * (Unit(arm, fold, 0) - 0.5))) * learnt) + noise;
        return new EpochPoint(epoch, 1.6 - learnt, 1.4 - learnt, 0.2, 1.4 - (0.8 * learnt), ua + 0.01, ua, epoch > epochs / 2 ? 1e-4 : 1e-3, 1L << 30);
    })];

    private static FoldEvaluation Evaluation(int arm, Fold fold, Corpus corpus) => new(
        fold.Number, fold.TestSpeakers, fold.ValidationSpeakers, Classes.Length, 1, Queries(arm, fold, fold.Validation, corpus, 1), Queries(arm, fold, fold.Test, corpus, 2));

    // The model is right for about two in three, its neighbours a little more often.
    private static QuerySet Queries(int arm, Fold fold, IReadOnlyList<int> side, Corpus corpus, int draw)
    {
        ulong counter = 0;
        ulong seed = SplitMix.Bits((ulong)((arm * 1000) + fold.Number), (ulong)draw);
        double hard = 0.12 * (Unit(arm: 7, fold.Number, 5) - 0.5);
        // What a query sounds like to its neighbours: mostly what it is.
        int[] truth = [.. side.Select(index => corpus.Utterances[index].Class)];
        int[] heard = [.. truth.Select(right => Next() < 0.7 + hard + (0.02 * arm) ? right : Below(Classes.Length))];
        return new QuerySet(
            side, [.. side.Select(index => corpus.Utterances[index].Speaker)], truth,
            [.. heard.Select((like, i) => Model(Next() < 0.8 ? like : Next() < 0.5 ? truth[i] : Below(Classes.Length)))],
            [.. truth.Select(_ => Enumerable.Range(0, Neighbours).Select(_ => fold.Train[Below(fold.Train.Count)]).ToArray())],
            [.. heard.Select(like => Enumerable.Range(0, Neighbours).Select(_ => Next() < 0.55 ? like : Below(Classes.Length)).ToArray())],
            [.. truth.Select(_ => Enumerable.Range(0, Neighbours).Select(_ => 0.5 + Next()).Order().ToArray())]);

        double Next() => (SplitMix.Bits(seed, counter++) >> 11) * (1.0 / (1UL << 53));

        int Below(int limit) => SplitMix.Below(seed, counter++, limit);

        double[] Model(int answer)
        {
            double[] p = [.. Classes.Select((_, c) => 0.2 + Next() + (c == answer ? 0.9 : 0))];
            double sum = p.Sum();
            return Array.ConvertAll(p, value => value / sum);
        }
    }

    private static double Unit(int arm, int fold, int draw) => (SplitMix.Bits((ulong)((arm * 1000) + fold), (ulong)draw) >> 11) * (1.0 / (1UL << 53));
}
