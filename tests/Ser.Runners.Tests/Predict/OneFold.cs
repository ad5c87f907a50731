using System.Text.Json.Nodes;
using Ser.Corpora;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Runners.Predict;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.Evaluate;
using Ser.Stages.FineTune;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Runners.Tests.Predict;

/// <summary>One fold of a tiny model on the synthetic corpus, run through every stage as workers run it.</summary>
public sealed class OneFold : IDisposable
{
    private readonly CorpusFolder _folder = new();
    private readonly Dictionary<string, string> _outputs = [];

    public OneFold()
    {
        Corpus = CorpusLoader.Load(new CorpusReference("synthetic", null), null, _folder.Root).Corpus!;
        var experiment = new Experiment
        {
            Encoder = new EncoderSettings { Preset = "tiny", Freeze = "convolution" },
            Grid = [new GridEntry { Augmentation = ["none"] }],
            Training = new TrainingSettings { Epochs = 1, Batch = 48, MaxSeconds = 0.3 },
            Compute = new ComputeSettings { Threads = 1 },
        };
        var fold = FoldPlanner.Plan(Corpus, 5)[0];
        var jobs = Pipeline.Plan(new PlanContext(experiment, Corpus, [fold], new Dictionary<string, WeightsInput>(), 1))[0].Jobs;
        foreach (var stage in Pipeline.Stages.Where(stage => jobs.ContainsKey(stage.Name)))
        {
            Run(stage, jobs[stage.Name]);
        }

        Evaluation = EvaluationFile.Read(_outputs[EvaluateStage.StageName]);
        string model = _outputs[FineTuneStage.StageName], datastore = _outputs[BuildDatastoreStage.StageName];
        Files = new FoldFiles(Evaluation.Fold, model, datastore, Evaluation.MedianDistance);
    }

    internal Corpus Corpus { get; }

    internal FoldEvaluation Evaluation { get; }

    internal FoldFiles Files { get; }

    internal string At(string name) => _folder.At(name);

    public void Dispose() => _folder.Dispose();

    private void Run(IStage stage, PlannedJob job)
    {
        string output = Directory.CreateDirectory(_folder.At(stage.Name)).FullName;
        StageRunners.All[stage.Name].Run(
            new StageContext
            {
                JobId = job.Id,
                Attempt = 1,
                Spec = (JsonObject)job.Spec.DeepClone(),
                Parents = _outputs,
                Output = output,
                Cache = new SharedCache(_folder.At("cache")),
                Inputs = new OneCorpus(Corpus),
                Checkpoints = new NoCheckpoints(),
                Report = _ => { },
            },
            CancellationToken.None);
        _outputs[stage.Name] = output;
    }
}
