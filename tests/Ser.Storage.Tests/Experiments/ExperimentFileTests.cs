using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Storage.Experiments;

namespace Ser.Storage.Tests.Experiments;

public sealed class ExperimentFileTests
{
    private static Experiment Parse(string text, params string[] sets) => ExperimentFile.Parse(text, "x.yaml", sets);

    private static string Refused(string text, params string[] sets) => Assert.Throws<InputException>(() => Parse(text, sets)).Message;

    [Fact]
    public void A_file_holds_only_differences()
    {
        var experiment = Parse("""
            name: lambda-sweep
            corpus: iemocap:/data/IEMOCAP_full_release
            encoder: { weights: wav2vec2-base.safetensors }
            grid:
              - { lambda: [0, 0.1, 0.3], augmentation: [mixed], seed: [1, 2, 3] }
              - { lambda: 0, augmentation: none }
            training: { epochs: 150, headLearningRate: 1e-3 }
            retrieval: { k: 1..4, alpha: [0.5, 0.25] }
            classes: { angry: [ang], happy: [hap, exc], sad: sad, neutral: [neu] }
            """);
        Assert.Equal(new CorpusReference("iemocap", "/data/IEMOCAP_full_release"), experiment.Corpus);
        Assert.Equal(10, experiment.Arms().Count);
        Assert.Equal(new Arm(0, "none", 1), experiment.Arms()[^1]);
        Assert.Equal([1, 2, 3, 4], experiment.Retrieval.K);
        Assert.Equal([0.25, 0.5], experiment.Retrieval.Alpha!);
        Assert.Equal(["angry", "happy", "sad", "neutral"], experiment.Classes!.Select(named => named.Class));
        Assert.Equal(["hap", "exc"], experiment.Classes![1].Labels);
        Assert.Equal(new TrainingSettings() with { HeadLearningRate = 0.001 }, experiment.Training);
    }

    [Theory]
    [InlineData("training:\n  epochz: 3\n", "x.yaml, line 2, column 3", "'epochz'", "'epochs'")]
    [InlineData("corpsu: synthetic\n", "x.yaml, line 1, column 1", "'corpsu'", "'corpus'")]
    [InlineData("name: a\nepochs: 3\n", "line 2, column 1", "'epochs'", "'training.epochs'")]
    [InlineData("grid: { lamda: 0 }\n", "line 1, column 9", "'lamda'", "'lambda'")]
    [InlineData("grid:\n  - augmentation: [mixd]\n", "line 2, column 20", "'mixd'", "'mixed'")]
    [InlineData("training: { optimizer: adam }\n", "line 1, column 24", "'adam'", "'adamw'")]
    [InlineData("corpus: iemocp:/x\n", "line 1, column 9", "'iemocp'", "'iemocap'")]
    [InlineData("corpus: csv\n", "line 1, column 9", "lacks a path", "csv:PATH")]
    [InlineData("encoder: tiny\n", "line 1, column 10", "a mapping", "preset, weights, freeze")]
    public void Unknown_names_are_reported_with_position_and_nearest_name(string text, string place, string what, string nearest)
    {
        string message = Refused(text);
        Assert.Contains(place, message);
        Assert.Contains(what, message);
        Assert.Contains(nearest, message);
    }

    [Theory]
    [InlineData("grid: { lambda: 1.5 }", "from 0 to 1")]
    [InlineData("grid: { lambda: [0, -0.1] }", "from 0 to 1")]
    [InlineData("grid: { lambda: .nan }", "from 0 to 1")]
    [InlineData("grid: { lambda: [] }", "at least one value")]
    [InlineData("grid: { seed: -1 }", "at least 0")]
    [InlineData("grid: { seed: 1.5 }", "whole number")]
    [InlineData("retrieval: { k: 0 }", "from 1 to 32")]
    [InlineData("retrieval: { k: [1, 33] }", "from 1 to 32")]
    [InlineData("retrieval: { k: 1..40 }", "within 1..32")]
    [InlineData("retrieval: { k: 9..3 }", "goes upward")]
    [InlineData("retrieval: { alpha: 1 }", "above 0 and below 1")]
    [InlineData("retrieval: { alpha: exakt }", "'exact'")]
    [InlineData("training: { epochs: 0 }", "from 1")]
    [InlineData("training: { batch: 1 }", "from 2")]
    [InlineData("training: { temperature: 0 }", "above 0")]
    [InlineData("training: { learningRate: -1 }", "above 0")]
    [InlineData("training: { dropout: 1 }", "below 1")]
    [InlineData("training: { normalize: yes }", "true, false")]
    [InlineData("training: { epochs: '3' }", "whole number")]
    [InlineData("folds: 2", "from 3")]
    [InlineData("folds: {}", "whole number")]
    [InlineData("projection: { methods: [umap] }", "pca, tsne")]
    [InlineData("projection: { perplexity: 1 }", "from 2 to 1000")]
    [InlineData("projection: { iterations: 3 }", "from 10")]
    [InlineData("name: a/b", "without slashes")]
    [InlineData("classes: { angry: [ang] }", "at least two")]
    [InlineData("classes: { angry: [ang], happy: [ang] }", "'ang' 2 times")]
    public void Values_out_of_range_are_refused(string text, string expected)
    {
        string message = Refused(text + "\n");
        Assert.Contains("line 1, column", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    public void A_document_of_sixty_thousand_brackets_is_refused_and_does_not_overflow_the_stack(string open, string close)
    {
        string value = string.Concat(Enumerable.Repeat(open, 60_000)) + string.Concat(Enumerable.Repeat(close, 60_000));
        const string TooDeep = "more than 40 lists or mappings in each other";
        Assert.Contains(TooDeep, Refused($"grid:\n  {value}\n"), StringComparison.Ordinal);
        Assert.Contains(TooDeep, Refused("corpus: synthetic", $"grid={value}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("# nothing but a remark\n", "is empty")]
    [InlineData("- a\n- b\n", "line 1, column 1: a mapping")]
    [InlineData("just text\n", "a mapping")]
    [InlineData("training:\n\tepochs: 3\n", "line 2, column 1: a tab")]
    [InlineData("name: a\nname: b\n", "line 2, column")]
    [InlineData("grid: [\n", "line 2, column")]
    [InlineData("name: a\n---\nname: b\n", "a second document")]
    public void Texts_that_are_not_experiments_are_refused(string text, string what) => Assert.Contains(what, Refused(text));

    [Fact]
    public void All_problems_are_in_one_message()
    {
        string message = Refused("folds: 1\ntraining: { epochs: 0, batsch: 2 }\n", "grid.lambda=2", "nonsense");
        Assert.Contains("5 problems", message);
        Assert.Contains("line 1, column 8", message);
        Assert.Contains("line 2, column 21", message);
        Assert.Contains("'batch'", message);
        Assert.Contains("--set grid.lambda=2: ", message);
        Assert.Contains("--set nonsense: ", message);
    }

    [Fact]
    public void Set_options_override_the_file()
    {
        const string text = """
            grid:
              - { lambda: [0, 0.5], augmentation: noise }
              - { seed: 7 }
            classes: { up: [a], down: [b] }
            training: { batch: 4 }
            """;
        var experiment = Parse(
            text,
            "corpus=emodb:/data/emo db",
            "training.epochs=3",
            "grid.lambda=[0,0.3]",
            "name=x",
            "classes.down=[b, c]",
            "encoder.weights=w.safetensors",
            "retrieval.k=5");
        Assert.Equal("emodb:/data/emo db", experiment.Corpus.ToString());
        Assert.Equal((3, 4), (experiment.Training.Epochs, experiment.Training.Batch));
        Assert.Equal([new Arm(0, "noise", 1), new(0.3, "noise", 1), new(0, "mixed", 7), new(0.3, "mixed", 7)], experiment.Arms());
        Assert.Equal(["b", "c"], experiment.Classes![1].Labels);
        Assert.Equal(2, experiment.Classes.Count);
        Assert.Equal("w.safetensors", experiment.Encoder.Weights);
        Assert.Equal([5], experiment.Retrieval.K);
        Assert.Null(Parse("encoder: { weights: w }\n", "encoder.weights=null").Encoder.Weights);
    }

    [Fact]
    public void Projection_takes_one_method_several_or_none()
    {
        Assert.Empty(Parse("projection: { perplexity: 12.5 }\n").Projection.Methods);
        Assert.Equal(["tsne"], Parse("projection: { methods: tsne }\n").Projection.Methods);
        var experiment = Parse("projection: { methods: [tsne, pca, tsne], iterations: 50 }\n");
        Assert.Equal(["tsne", "pca"], experiment.Projection.Methods);
        Assert.Equal((30, 50), (experiment.Projection.Perplexity, experiment.Projection.Iterations));
        Assert.Empty(Parse("projection: { methods: [pca] }\n", "projection.methods=[]").Projection.Methods);
    }

    [Fact]
    public void A_wrong_set_option_for_a_grid_of_several_entries_is_reported_once()
    {
        string message = Refused("grid:\n  - { seed: 1 }\n  - { seed: 2 }\n", "grid.lamda=0");
        Assert.Single(message.Split('\n'));
        Assert.Contains("'lambda'", message);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_refused_by_name()
    {
        string folder = Directory.CreateTempSubdirectory("ser-experiment-").FullName;
        try
        {
            string Message(string path) => Assert.Throws<InputException>(() => ExperimentFile.Read(path, [])).Message;
            Assert.Contains("there is no such experiment file", Message(Path.Combine(folder, "no.yaml")));
            Assert.Contains("is a folder", Message(folder));
            File.WriteAllBytes(Path.Combine(folder, "b.yaml"), [0xFF, 0xFE, 0x00, 0x80]);
            Assert.Contains("UTF-8", Message(Path.Combine(folder, "b.yaml")));
            File.WriteAllText(Path.Combine(folder, "c.yaml"), "\uFEFFname: c\n");
            Assert.Equal("c", ExperimentFile.Read(Path.Combine(folder, "c.yaml"), []).Name);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Recordings_are_files_or_folders_one_or_several()
    {
        var experiment = Parse("augmentation: { noiseFiles: [hum.wav, /data/noise] }\n", "augmentation.responseFiles=rooms");
        Assert.Equal(["hum.wav", "/data/noise"], experiment.Augmentation.NoiseFiles!);
        Assert.Equal(["rooms"], experiment.Augmentation.ResponseFiles!);
        Assert.Equal(ExperimentJson.Write(experiment), ExperimentJson.Write(ExperimentJson.Read(ExperimentJson.Write(experiment))));
        Assert.Null(Parse("augmentation: { noiseFiles: [a] }\n", "augmentation.noiseFiles=null").Augmentation.NoiseFiles);
        string message = Refused("augmentation: mixed\n");
        Assert.Contains("noiseFiles, responseFiles", message);
        Assert.Contains("grid.augmentation", message);
    }

    [Fact]
    public void Arms_differ_by_profile_and_encoder_and_the_baseline_is_one_arm()
    {
        var experiment = ExperimentFile.Parse(
            """
            grid:
              - { lambda: [0, 0.1], profile: [paper, robust] }
              - { lambda: [0, 0.1], seed: [5, 6], encoder: [{ preset: mfcc }, { preset: tiny, freeze: none }] }
            training: { learningRate: 2e-5 }
            """, "x.yaml", []);
        var arms = experiment.Arms();
        Assert.Equal(
            ["λ=0 mixed seed 1", "λ=0.1 mixed seed 1", "λ=0 mixed robust seed 1", "λ=0.1 mixed robust seed 1", "mfcc",
                "tiny λ=0 mixed seed 5", "tiny λ=0.1 mixed seed 5", "tiny λ=0 mixed seed 6", "tiny λ=0.1 mixed seed 6"],
            arms.Select(arm => arm.Name));
        Assert.Equal(("sgd", 2e-5, null, "none"), Settings(experiment.TrainingOf(arms[0])));
        Assert.Equal(("adamw", 2e-5, 1e-4, "specaugment"), Settings(experiment.TrainingOf(arms[2])));
        Assert.Equal("none", experiment.EncoderOf(arms[5]).Freeze);

        static (string?, double?, double?, string?) Settings(TrainingSettings training) =>
            (training.Optimizer, training.LearningRate, training.HeadLearningRate, training.Masking);
    }
}
