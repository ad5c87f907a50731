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

/// <summary>
/// Writes datastore.safetensors: pooled embeddings without normalisation, the model's probabilities, classes and sides, in corpus order.
/// </summary>
public sealed class BuildDatastoreRunner : IStageRunner
{
    /// <inheritdoc/>
    public string Stage => BuildDatastoreStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<BuildDatastoreSpec>(context.Spec);
        var device = Machine.Configure(spec.Compute);
        var (model, description) = TrainedModelFiles.Read(context.Parents[FineTuneStage.StageName]);
        using var owned = model;
        var network = model as Classifier; // null for the baseline
        network?.Parameters.MoveTo(device);
        var corpus = context.Inputs.Corpus(spec.Corpus);
        using var audio = new Waveforms(corpus, description.MaxSeconds, description.NormalizeInput, context.Cache);

        // Where training froze the convolutions, their features are in the cache already, with the same bits as computed here.
        FrozenFeatures? frozen = null;
        if (network is not null && description.FrozenConvolution)
        {
            var cache = audio.OpenFeatures(network.Encoder, Precision.Float32, spec.Compute);
            frozen = new FrozenFeatures(network.Encoder, Precision.Float32, cache);
        }

        IEnumerable<Row> RowsOf(Side side, IReadOnlyList<string> speakers) =>
            audio.UtterancesOf(speakers, stop).Select(utterance => new Row(side, utterance));
        Row[] unordered =
        [
            .. RowsOf(Side.Train, spec.Fold.Train),
            .. RowsOf(Side.Validation, spec.Fold.Validation),
            .. RowsOf(Side.Test, spec.Fold.Test!),
        ];
        List<Row> rows = [.. unordered.OrderBy(row => row.Utterance.Index)];
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

    private sealed record Row(Side Side, TrainingUtterance Utterance);
}
