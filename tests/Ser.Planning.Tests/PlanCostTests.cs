using Ser.Domain.Experiments;
using Ser.Stages;
using Ser.TestSupport;

namespace Ser.Planning.Tests;

/// <summary>Fine-tunes, steps and hours of a plan, and which of them the paper's tables share.</summary>
public sealed class PlanCostTests : IDisposable
{
    private static readonly HashSet<string> NothingDone = [];
    private static readonly Dictionary<string, double> NothingMeasured = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_are_epochs_times_batches_of_every_fold()
    {
        var plan = Prepare(Tiny(epochs: 3, batch: 5));
        long expected = plan.Folds.Sum(fold => 3 * (long)Math.Ceiling(fold.Fold.Train.Count / 5.0));
        var cost = PlanCost.Estimate(plan, NothingDone, NothingMeasured);
        Assert.Equal((plan.Folds.Count, expected, plan.Folds.Count), (cost.FineTunes, cost.Steps, cost.Unknown));
        Assert.Contains("unknown", Assert.Single(cost.Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Hours_are_steps_times_their_measured_seconds_and_done_jobs_do_not_count()
    {
        var plan = Prepare(Tiny(epochs: 3, batch: 5));
        var fineTunes = PlanCost.FineTunesOf(plan).ToList();
        var measured = fineTunes.Select(fineTune => fineTune.Kind.Key).Distinct().ToDictionary(key => key, _ => 2.0);
        var done = new HashSet<string> { fineTunes[0].Job.Id };
        var cost = PlanCost.Estimate(plan, done, measured);
        var part = Assert.Single(cost.Hours);
        Assert.Equal(fineTunes.Count - 1, cost.FineTunes);
        Assert.Equal(("cpu", 2), (part.Device, part.Threads));
        Assert.Equal(cost.Steps * 2.0 / 3600, part.Hours, 1e-12);
        Assert.Equal(fineTunes.Skip(1).Sum(fineTune => fineTune.Kind.Steps!.Value), cost.Steps);
        Assert.Contains("hours on 2 threads", Assert.Single(cost.Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_baseline_takes_no_steps()
    {
        var plan = Prepare(Tiny(3, 5) with { Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc } });
        var cost = PlanCost.Estimate(plan, NothingDone, NothingMeasured);
        Assert.Equal((10, 0L, 0), (cost.FineTunes, cost.Steps, cost.Unknown));
        Assert.Contains("classical baseline", Assert.Single(cost.Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_the_same_cost_are_one_kind_whatever_the_loss_and_the_fold()
    {
        var kinds = PlanCost.FineTunesOf(Prepare(Tiny(3, 5))).Select(fineTune => fineTune.Kind.Key).Distinct();
        Assert.Single(kinds);
        var larger = PlanCost.FineTunesOf(Prepare(Tiny(3, 6))).First().Kind.Key;
        var withoutViews = Tiny(3, 5) with { Grid = [new GridEntry { Augmentation = ["none"] }] };
        string[] others = [larger, PlanCost.FineTunesOf(Prepare(withoutViews)).First().Kind.Key];
        Assert.Equal(3, others.Concat(kinds).Distinct().Count());
    }

    [Fact]
    public void Every_fine_tune_is_new_in_exactly_one_table()
    {
        var plan = Prepare(Tiny(3, 5) with { Grid = [new GridEntry { Lambda = [0, 0.1, 0.3] }] });
        var shares = TableShare.FromPlan(plan);
        Assert.Equal(PlanCost.FineTunesOf(plan).Count(), shares.Sum(share => share.New));
        Assert.All(shares, share => Assert.InRange(share.New, 0, share.FineTunes));
        Assert.Contains(TableShare.Lines(shares), line => line.EndsWith("without sharing", StringComparison.Ordinal));
    }

    [Fact]
    public void The_text_of_a_plan_names_folds_counts_arms_and_what_is_done()
    {
        var plan = Prepare(Tiny(3, 5));
        var done = plan.Folds[0].Jobs.Values.Select(job => job.Id).ToHashSet();
        string text = PlanText.Write(plan, done, TableShare.FromPlan(plan), PlanCost.Estimate(plan, done, NothingMeasured));
        Assert.Contains("240 utterances of 10 speakers", text, StringComparison.Ordinal);
        Assert.Contains("10 folds, 30 jobs (FineTune → BuildDatastore → Evaluate), 3 done", text, StringComparison.Ordinal);
        Assert.Equal(10, text.Split('\n').Count(line => line.Contains("8 speakers: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_plan_for_a_GPU_is_refused_on_a_machine_without_one_and_auto_takes_what_is_there()
    {
        var cuda = Tiny(3, 5) with { Compute = new ComputeSettings { Threads = 2, Device = "cuda" } };
        Assert.Contains("no CUDA device", Assert.Throws<Domain.InputException>(() => Prepare(cuda)).Message, StringComparison.Ordinal);
        var auto = Tiny(3, 5) with { Compute = new ComputeSettings { Threads = 2, Device = "auto", Precision = "auto" } };
        var compute = Prepare(auto).Context.Experiment.Compute;
        Assert.Equal(("cpu", "float32"), (compute.Device, compute.Precision));
    }

    private PreparedExperiment Prepare(Experiment experiment) =>
        PreparedExperiment.Prepare(experiment, _folder.Path, new MachineCapabilities(HasCuda: false, MultipliesBFloat16: false));

    private static Experiment Tiny(int epochs, int batch) => new()
    {
        Corpus = new CorpusReference("synthetic", null),
        Encoder = new EncoderSettings { Preset = "tiny" },
        Training = new TrainingSettings { Epochs = epochs, Batch = batch },
        Compute = new ComputeSettings { Threads = 2 },
        Grid = [new GridEntry { Lambda = [0.1] }],
    };
}
