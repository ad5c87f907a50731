using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Learning.Baseline;
using Ser.Runners.Audio;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Runners.FineTune;

/// <summary>Trains the classical baseline, the arm without an encoder. It takes seconds to minutes, so it writes no checkpoints.</summary>
internal static class BaselineRunner
{
    /// <summary>
    /// Writes model.safetensors, encoder.json, history.json (one point) and selection.json (every candidate with its validation scores).
    /// </summary>
    internal static void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<BaselineSpec>(context.Spec);
        Machine.Configure(spec.Compute);
        int classes = spec.Training.Classes;
        using var audio = new Waveforms(context.Inputs.Corpus(spec.Corpus), spec.MaxSeconds, normalize: false, context.Cache);
        long steps = 0;
        var train = audio.UtterancesOf(spec.Fold.Train, stop);
        var validation = audio.UtterancesOf(spec.Fold.Validation, stop);
        var result = BaselineTraining.Run(train, validation, classes, Report, stop);
        using var model = result.Model;
        var description = new TrainedModelFiles.Description(null, classes, spec.MaxSeconds, NormalizeInput: false, spec.Corpus)
        {
            Preset = EncoderSettings.Mfcc,
        };
        TrainedModelFiles.Write(context.Output, model, description);
        SpecJson.WriteFile(Path.Combine(context.Output, "history.json"), new[] { result.Point });
        SpecJson.WriteFile(Path.Combine(context.Output, "selection.json"), new Selection(result.Chosen, result.Tried));
        context.Report(new StageProgress(steps + 1, 1, 1, result.Point.Loss, Point: FineTuneRunner.ToPoint(result.Point)));

        void Report(long step)
        {
            steps = step;
            context.Report(new StageProgress(step, 0, 1));
        }
    }

    private sealed record Selection(BaselineCandidate Chosen, IReadOnlyList<BaselineCandidate> Tried);
}
