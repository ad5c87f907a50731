using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Learning.Baseline;
using Ser.Runners.Audio;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Runners.FineTune;

/// <summary>Trains the arm without an encoder. It takes seconds to minutes, so it has no checkpoints.</summary>
internal static class BaselineRun
{
    /// <summary>Leaves model.safetensors, encoder.json, history.json (its one point) and selection.json (every candidate, as the validation speakers judged it).</summary>
    internal static void Run(FineTuneSpec spec, StageContext context, CancellationToken stop)
    {
        int classes = spec.Training["classes"]!.GetValue<int>();
        using var audio = new Waveforms(context.Inputs.Corpus(spec.Corpus), spec.MaxSeconds, normalize: false, context.Cache);
        long steps = 0;
        var result = BaselineTraining.Run(audio.Of(spec.Fold.Train, stop), audio.Of(spec.Fold.Validation, stop), classes, Report, stop);
        using var model = result.Model;
        TrainedModel.Write(context.Output, model, new TrainedModel.Description(null, classes, spec.MaxSeconds, NormalizeInput: false, spec.Corpus) { Preset = EncoderSettings.Mfcc });
        SpecJson.WriteFile(Path.Combine(context.Output, "history.json"), new[] { result.Point });
        SpecJson.WriteFile(Path.Combine(context.Output, "selection.json"), new Selection(result.Chosen, result.Tried));
        context.Report(new StageProgress(steps + 1, 1, 1, result.Point.Loss, Point: FineTuneRunner.Point(result.Point)));

        void Report(long step)
        {
            steps = step;
            context.Report(new StageProgress(step, 0, 1));
        }
    }

    private sealed record Selection(BaselineCandidate Chosen, IReadOnlyList<BaselineCandidate> Tried);
}
