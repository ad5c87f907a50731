using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;

namespace Ser.Stages.Tests;

public class PipelineTests
{
    private static readonly Corpus Corpus = MadeUp();

    private static readonly Experiment Whole = new() { Compute = new ComputeSettings { RowsAtOnce = 0 } };

    [Fact]
    public void Ids_are_what_they_were()
    {
        // A changed id makes every earlier result useless. If the numbers of a stage changed, raise its Revision and put the new ids here.
        var jobs = Plan(Whole)[0].Jobs;
        Assert.Equal("4341b8d626ba1996e267fc7c07fb8235", jobs["FineTune"].Id);
        Assert.Equal("39541c1f7224a08f2993d019b99be01d", jobs["BuildDatastore"].Id);
        Assert.Equal("d2efb896efb0b289291f83f9cee83d24", jobs["Evaluate"].Id);
    }

    [Fact]
    public void A_batch_that_is_computed_in_parts_has_an_id_of_its_own()
    {
        // Its numbers differ in the last bits.
        Assert.Equal("7e550fd2f3ccdff656a7980245ced0a7", Plan(new Experiment())[0].Jobs["FineTune"].Id);
        Assert.Equal(Ids(Plan(new Experiment())), Ids(Plan(new Experiment { Compute = new ComputeSettings { RowsAtOnce = 12 } })));
        var tiny = new Experiment { Encoder = new EncoderSettings { Preset = "tiny" } };
        Assert.Equal(Ids(Plan(tiny)), Ids(Plan(tiny with { Compute = new ComputeSettings { RowsAtOnce = 0 } })));
    }

    [Fact]
    public void What_does_not_decide_the_result_is_not_in_the_id()
    {
        var plain = Plan(new Experiment());
        var other = Plan(new Experiment
        {
            Name = "other",
            Training = new TrainingSettings { CheckpointEvery = 5 },
            Retrieval = new RetrievalSettings { K = [1] },
        });
        Assert.Equal(Ids(plain), Ids(other));
    }

    [Fact]
    public void Nothing_is_projected_unless_a_method_is_named()
    {
        string[] before = ["FineTune", "BuildDatastore", "Evaluate"];
        Assert.All(Plan(new Experiment()), fold => Assert.Equal(before, fold.Jobs.Keys));
        var plan = Plan(Projecting("pca", "tsne"));
        Assert.All(plan, fold => Assert.Equal([.. before, "Project"], fold.Jobs.Keys));
        var likeWhole = Plan(Projecting("pca", "tsne") with { Compute = Whole.Compute });
        Assert.Equal("42c7711368512644ed402fe201763b29", likeWhole[0].Jobs["Project"].Id);
        Assert.Equal([plan[0].Jobs["BuildDatastore"].Id], plan[0].Jobs["Project"].After);
        Assert.Subset(Ids(plan), Ids(Plan(new Experiment())));
    }

    [Fact]
    public void What_decides_a_projection_is_in_its_id_and_in_no_other()
    {
        static HashSet<string> Projections(Experiment experiment) => [.. Plan(experiment).Select(fold => fold.Jobs["Project"].Id)];
        var both = Projecting("pca", "tsne");
        Assert.Equal(Projections(both), Projections(Projecting("tsne", "pca")));
        Experiment[] others =
        [
            Projecting("tsne"),
            both with { Projection = both.Projection with { Perplexity = 5 } },
            both with { Projection = both.Projection with { Iterations = 20 } },
        ];
        foreach (var other in others)
        {
            Assert.Empty(Projections(both).Intersect(Projections(other)));
            Assert.Subset(Ids(Plan(other)), Ids(Plan(new Experiment())));
        }

        var pca = Projecting("pca");
        Assert.Equal(Projections(pca), Projections(pca with { Projection = pca.Projection with { Perplexity = 5, Iterations = 20 } }));
    }

    private static Experiment Projecting(params string[] methods) => new() { Projection = new ProjectionSettings { Methods = methods } };

    [Theory]
    [MemberData(nameof(Deciding))]
    public void What_decides_the_result_is_in_the_id(Experiment changed) =>
        Assert.Empty(Ids(Plan(new Experiment())).Intersect(Ids(Plan(changed))));

    public static TheoryData<Experiment> Deciding =>
    [
        new Experiment { Grid = [new GridEntry { Lambda = [0.2, 0.3] }] },
        new Experiment { Grid = [new GridEntry { Seed = [2] }] },
        new Experiment { Grid = [new GridEntry { Augmentation = ["pitch"] }] },
        new Experiment { Training = new TrainingSettings { Epochs = 3 } },
        new Experiment { Encoder = new EncoderSettings { Preset = "tiny" } },
        new Experiment { Compute = new ComputeSettings { Threads = 7 } },
    ];

    [Fact]
    public void Recordings_decide_the_arms_that_draw_from_them_and_no_others()
    {
        string[] augmentations = ["none", "volume", "noise", "pitch+reverberation", "mixed"];
        var experiment = new Experiment { Grid = [new GridEntry { Augmentation = augmentations, Lambda = [0] }] };
        var hum = RecordingSet.Create([new RecordedFile("/sounds/hum.wav", "b1"), new RecordedFile("/sounds/fan.wav", "a2")]);
        var room = RecordingSet.Create([new RecordedFile("/rooms/hall.wav", "c3")]);
        var plain = Planned(experiment, null, null);
        Assert.Equal(["noise", "mixed"], Changed(plain, Planned(experiment, hum, null)));
        Assert.Equal(["pitch+reverberation", "mixed"], Changed(plain, Planned(experiment, null, room)));
        Assert.Equal(["noise", "pitch+reverberation", "mixed"], Changed(plain, Planned(experiment, hum, room)));

        // The contents decide, not where the files are or in which order they are listed; one file more is another set.
        var moved = RecordingSet.Create([new RecordedFile("x.wav", "a2"), new RecordedFile("y.wav", "b1")]);
        Assert.Empty(Changed(Planned(experiment, hum, room), Planned(experiment, moved, room)));
        var more = RecordingSet.Create([.. hum.Files, new RecordedFile("z.wav", "b1")]);
        Assert.Equal(["noise", "mixed"], Changed(Planned(experiment, hum, room), Planned(experiment, more, room)));
        Assert.Equal(["noise", "mixed"], Changed(Planned(experiment, hum, null), Planned(experiment, room, null)));

        static IReadOnlyList<FoldJobs> Planned(Experiment experiment, RecordingSet? noises, RecordingSet? responses)
        {
            var context = new PlanContext(experiment, Corpus, FoldPlanner.Plan(Corpus, 10), new Dictionary<string, WeightsInput>(), 2);
            return Pipeline.Plan(context with { Noises = noises, Responses = responses });
        }

        static IEnumerable<string> Changed(IReadOnlyList<FoldJobs> before, IReadOnlyList<FoldJobs> after) =>
            before.Zip(after)
                .Where(pair => pair.First.Jobs["FineTune"].Id != pair.Second.Jobs["FineTune"].Id)
                .Select(pair => pair.First.Arm.Augmentation)
                .Distinct();
    }

    [Fact]
    public void An_overlapping_grid_shares_the_jobs_of_its_arms()
    {
        var narrow = Ids(Plan(new Experiment()));
        var wide = Ids(Plan(new Experiment { Grid = [new GridEntry { Lambda = [0, 0.1, 0.3] }] }));
        Assert.Subset(wide, narrow);
        Assert.Equal(narrow.Count * 3 / 2, wide.Count);
    }

    [Fact]
    public void Ids_of_the_baseline_are_what_they_were()
    {
        var jobs = Plan(Baseline)[0].Jobs;
        string[] ids = [jobs["FineTune"].Id, jobs["BuildDatastore"].Id, jobs["Evaluate"].Id];
        Assert.Equal(["73c55de1e35e3268b22cc09a75ec8a89", "97379af6fee5f5143b137645b583ef52", "8e4c13f2614986bf2cbf2f37707f91e7"], ids);
    }

    [Fact]
    public void What_means_nothing_to_the_baseline_is_not_in_its_ids()
    {
        var other = Baseline with
        {
            Grid =
            [
                new GridEntry { Lambda = [0.3], Augmentation = ["pitch"], Seed = [7], Profile = [Profiles.Robust] },
                new GridEntry { Seed = [8] },
            ],
            Encoder = Baseline.Encoder with { Freeze = "none" },
            Training = new TrainingSettings { Epochs = 3, Batch = 5, Optimizer = "adamw", Dropout = 0.3 },
            Compute = new ComputeSettings { Threads = 7 },
        };
        Assert.Equal(Ids(Plan(Baseline)), Ids(Plan(other)));
        Assert.Equal(Plan(Baseline).Count, Plan(other).Count);
        Assert.Empty(Ids(Plan(Baseline)).Intersect(Ids(Plan(Baseline with { Training = new TrainingSettings { MaxSeconds = 3 } }))));
        Assert.Empty(Ids(Plan(Baseline)).Intersect(Ids(Plan(new Experiment()))));
    }

    private static Experiment Baseline => new() { Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc } };

    private static HashSet<string> Ids(IReadOnlyList<FoldJobs> folds) =>
        [.. folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id)];

    private static IReadOnlyList<FoldJobs> Plan(Experiment experiment)
    {
        var folds = FoldPlanner.Plan(Corpus, experiment.Folds);
        int threads = experiment.Compute.Threads == 0 ? 2 : experiment.Compute.Threads;
        return Pipeline.Plan(new PlanContext(experiment, Corpus, folds, new Dictionary<string, WeightsInput>(), threads));
    }

    private static Corpus MadeUp()
    {
        string[] speakers = ["a", "b", "c"];
        Utterance[] Both(string speaker) => [.. Enumerable.Range(0, 2).Select(c => MadeUpUtterance(speaker, c))];
        List<Utterance> utterances = [.. speakers.SelectMany(Both)];
        List<Speaker> listed = [.. speakers.Select(speaker => new Speaker(speaker, null, [1, 1]))];
        return new Corpus("csv", "made-up", "digest", ["angry", "sad"], utterances, listed, new Dictionary<string, int>());

        static Utterance MadeUpUtterance(string speaker, int c) =>
            new($"{speaker}{c}", speaker, null, c, $"{speaker}{c}.wav", "00", 16000, 16000);
    }
}
