using Ser.Domain.Jobs;
using Ser.Learning;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using Ser.Runners.Audio;
using Ser.Runners.FineTune;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.FineTune;

namespace Ser.Runners.BuildDatastore;

/// <summary>Leaves datastore.safetensors: raw pooled embeddings, the model's probabilities, classes and sides, in corpus order.</summary>
public sealed class BuildDatastoreRunner : IStageRunner
{
    /// <inheritdoc/>
    public string Stage => BuildDatastoreStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<BuildDatastoreSpec>(context.Spec);
        var device = Machine.Use(spec.Compute);
        var (model, description) = TrainedModel.Read(context.Parents[FineTuneStage.StageName]);
        using var owned = model;
        var network = model as Classifier; // null: the baseline
        network?.Parameters.MoveTo(device);
        using var audio = new Waveforms(context.Inputs.Corpus(spec.Corpus), description.MaxSeconds, description.NormalizeInput, context.Cache);

        // Where training left the convolutions as they were, their features are kept already; they are no other than those computed here.
        var frozen = network is not null && description.FrozenConvolution
            ? new FrozenFeatures(network.Encoder, Precision.Float32, audio.Features(network.Encoder, Precision.Float32, spec.Compute))
            : null;
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
            var (embedding, probabilities, _) = network is null ? model.Embed(utterance.Read()) : network.Embed(utterance, frozen);
            datastore.Set(row, utterance.Index, side, utterance.Class, embedding, probabilities);
            context.Report(new StageProgress(row + 1));
        }

        datastore.Write(Path.Combine(context.Output, Datastore.FileName));
    }
}
