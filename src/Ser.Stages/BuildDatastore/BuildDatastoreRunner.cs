using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Stages.BuildDatastore;

/// <summary>Leaves datastore.safetensors: raw pooled embeddings, the model's probabilities, classes and sides, in corpus order.</summary>
public sealed class BuildDatastoreRunner : IStageRunner
{
    /// <inheritdoc/>
    public string Stage => BuildDatastoreStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<BuildDatastoreSpec>(context.Spec);
        Machine.Use(spec.Compute);
        var (model, description) = TrainedModel.Read(context.Parents[FineTuneStage.StageName]);
        using var owned = model;
        var audio = new Waveforms(context.Inputs.Corpus(spec.Corpus), description.MaxSeconds, description.NormalizeInput);
        var sides = new[] { (Side.Train, spec.Fold.Train), (Side.Validation, spec.Fold.Validation), (Side.Test, spec.Fold.Test!) };
        var rows = sides
            .SelectMany(side => audio.Of(side.Item2, stop).Select(utterance => (Side: side.Item1, Utterance: utterance)))
            .OrderBy(row => row.Utterance.Index)
            .ToList();
        var datastore = new Datastore(rows.Count, model.Width, description.Classes);
        for (int row = 0; row < rows.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            var (side, utterance) = rows[row];
            var (embedding, probabilities, _) = model.Embed(utterance.Waveform);
            datastore.Set(row, utterance.Index, side, utterance.Class, embedding, probabilities);
            context.Report(new StageProgress(row + 1));
        }

        datastore.Write(Path.Combine(context.Output, Datastore.FileName));
    }
}
