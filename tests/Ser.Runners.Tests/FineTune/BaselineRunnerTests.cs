using System.Text.Json.Nodes;
using Ser.Audio;
using Ser.Checkpoints;
using Ser.Corpora;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Learning.Baseline;
using Ser.Learning.Training;
using Ser.Runners.BuildDatastore;
using Ser.Runners.FineTune;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.FineTune;
using Ser.Storage.Data;
using Ser.TestSupport;
using TorchSharp;

namespace Ser.Runners.Tests.FineTune;

public sealed class BaselineTests : IDisposable
{
    private static readonly Experiment Experiment = new()
    {
        Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc },
        Training = new TrainingSettings { MaxSeconds = 0.5 },
    };

    private readonly CorpusFolder _folder = new();
    private readonly Corpus _corpus;

    public BaselineTests() => _corpus = CorpusLoader.Load(new CorpusReference("synthetic", null), null, _folder.Root).Corpus!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_trains_without_the_recordings_of_the_test_and_the_same_on_any_threads()
    {
        var fold = Fold();
        torch.set_num_threads(2); // whatever the tests before this one set
        string first = Train("first", threads: 2);
        foreach (var utterance in _corpus.Utterances.Where(utterance => fold.TestSpeakers.Contains(utterance.Speaker)))
        {
            File.Delete(utterance.Path);
        }

        torch.set_num_threads(1);
        string second = Train("second", threads: 1);
        foreach (string file in (string[])["model.safetensors", "encoder.json", "history.json", "selection.json"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file)));
        }
    }

    [Fact]
    public void Validation_chooses_and_does_not_standardise()
    {
        var fold = Fold();
        var train = Read(fold.TrainSpeakers);
        var validation = Read(fold.ValidationSpeakers);
        string before = _folder.At("before.safetensors"), after = _folder.At("after.safetensors");
        BaselineTraining.Run(train, validation, _corpus.Classes.Count, _ => { }, CancellationToken.None).Model.Write(before);
        float[] Louder(TrainingUtterance utterance) => Array.ConvertAll(utterance.Read(), sample => 9 * sample);
        var louder = validation
            .Select(utterance => new TrainingUtterance(utterance.Index, Louder(utterance), utterance.Class))
            .ToList();
        BaselineTraining.Run(train, louder, _corpus.Classes.Count, _ => { }, CancellationToken.None).Model.Write(after);
        using SafeTensors one = SafeTensors.Read(before), other = SafeTensors.Read(after);
        foreach (string tensor in (string[])["standard.mean", "standard.scale", "support"])
        {
            Assert.Equal(one.Bytes(tensor).ToArray(), other.Bytes(tensor).ToArray());
        }

        Assert.NotEqual(one.Doubles("sharpness"), other.Doubles("sharpness"));
    }

    [Fact]
    public void The_candidate_of_least_validation_loss_is_kept_and_its_measures_are_those_of_the_model()
    {
        var fold = Fold();
        var validation = Read(fold.ValidationSpeakers);
        var result = BaselineTraining.Run(Read(fold.TrainSpeakers), validation, _corpus.Classes.Count, _ => { }, CancellationToken.None);
        Assert.Equal(16, result.Tried.DistinctBy(candidate => (candidate.Gamma, candidate.Penalty)).Count());
        Assert.Equal(result.Tried.Min(candidate => candidate.ValidationLoss), result.Chosen.ValidationLoss);
        var answers = validation.Select(utterance => (utterance.Class, result.Model.Embed(utterance.Read()).LogProbabilities)).ToList();
        Assert.Equal(answers.Average(answer => -answer.LogProbabilities[answer.Class]), result.Point.ValidationLoss, 1e-9);
        double accuracy = answers.Average(answer => Likeliest(answer.LogProbabilities) == answer.Class ? 1.0 : 0);
        Assert.Equal(accuracy, result.Point.ValidationWa, 1e-12);
    }

    [Fact]
    public void Its_datastore_holds_the_standardised_vectors_and_its_probabilities()
    {
        string trained = Train("trained", threads: 1);
        var job = Jobs()[BuildDatastoreStage.StageName];
        string output = Directory.CreateDirectory(_folder.At("datastore")).FullName;
        var inputs = new Dictionary<string, string> { [FineTuneStage.StageName] = trained };
        new BuildDatastoreRunner().Run(Context(job, output, inputs), CancellationToken.None);
        var store = Datastore.Read(Path.Combine(output, Datastore.FileName));
        Assert.Equal(180, store.Width);
        int[] train = store.RowsOn(Side.Train);
        float[] embeddings = store.Embeddings(train);
        for (int column = 0; column < store.Width; column++)
        {
            double[] values = [.. Enumerable.Range(0, train.Length).Select(row => (double)embeddings[(row * store.Width) + column])];
            double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
            Assert.Equal(0, mean, 1e-4);
            Assert.Equal(1, variance, 1e-3);
        }

        Assert.All(store.RowsOn(Side.Train, Side.Validation, Side.Test), row => Assert.Equal(1, store.Probabilities(row).Sum(), 1e-12));

        // The classes of the synthetic corpus can be told apart; chance would be a quarter.
        int[] test = store.RowsOn(Side.Test);
        Assert.True(test.Average(row => Likeliest(store.Probabilities(row)) == store.Class(row) ? 1.0 : 0) > 0.5);
    }

    [Fact]
    public void A_cancellation_ends_the_training()
    {
        using var stop = new CancellationTokenSource();
        var fold = Fold();
        var train = Read(fold.TrainSpeakers);
        long last = 0;
        void Report(long step)
        {
            last = step;
            if (step == 5)
            {
                stop.Cancel();
            }
        }

        var validation = Read(fold.ValidationSpeakers);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BaselineTraining.Run(train, validation, _corpus.Classes.Count, Report, stop.Token));
        Assert.Equal(5, last);
    }

    [Fact]
    public void Another_file_is_no_baseline()
    {
        string file = _folder.At("other.safetensors");
        SafeTensors.Write(file, [new("weight", "F32", [1], () => new byte[4])]);
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => BaselineModel.Read(file)).Message, StringComparison.Ordinal);
    }

    private Fold Fold() => FoldPlanner.Plan(_corpus, 10)[0];

    private IReadOnlyList<TrainingUtterance> Read(IReadOnlyList<string> speakers) =>
    [
        .. _corpus.Utterances.Select((utterance, index) => (utterance, index))
            .Where(entry => speakers.Contains(entry.utterance.Speaker))
            .Select(entry => new TrainingUtterance(entry.index, Samples(entry.utterance), entry.utterance.Class)),
    ];

    private static float[] Samples(Utterance utterance) => Ser.Audio.Preprocess.Read(utterance.Path, 0.5, normalise: false);

    private static int Likeliest(double[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    private IReadOnlyDictionary<string, PlannedJob> Jobs(int threads = 1)
    {
        var noWeights = new Dictionary<string, WeightsInput>();
        var context = new PlanContext(Experiment, _corpus, FoldPlanner.Plan(_corpus, 10), noWeights, threads);
        return Pipeline.Plan(context)[0].Jobs;
    }

    private string Train(string name, int threads)
    {
        string output = Directory.CreateDirectory(_folder.At(name)).FullName;
        var job = Jobs(threads)[FineTuneStage.StageName];
        new FineTuneRunner().Run(Context(job, output, new Dictionary<string, string>()), CancellationToken.None);
        return output;
    }

    private StageContext Context(PlannedJob job, string output, IReadOnlyDictionary<string, string> parents) => new()
    {
        JobId = job.Id,
        Attempt = 1,
        Spec = (JsonObject)job.Spec.DeepClone(),
        Parents = parents,
        Output = output,
        Cache = new SharedCache(_folder.At(Path.GetFileName(output) + "-cache")),
        Inputs = new OneCorpus(_corpus),
        Checkpoints = new NoCheckpoints(),
        Report = _ => { },
    };
}
