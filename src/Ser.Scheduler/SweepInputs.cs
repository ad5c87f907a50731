using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Stages;

namespace Ser.Scheduler;

/// <summary>The files that the jobs of a sweep read. Every path is valid on the machine of the scheduler.</summary>
/// <param name="Corpus">The corpus.</param>
/// <param name="Weights">Files of weights, each once.</param>
/// <param name="Recordings">Recorded noises and impulse responses, each set once.</param>
public sealed record SweepInputs(Corpus Corpus, IReadOnlyList<InputFile> Weights, IReadOnlyList<RecordingSet> Recordings)
{
    /// <summary>The inputs of a plan that was made on this machine.</summary>
    public static SweepInputs FromPlan(PlanContext plan) => new(
        plan.Corpus,
        [.. plan.Weights.Values.Select(weights => new InputFile(weights.Path, weights.Digest)).DistinctBy(file => file.Sha256)],
        [.. new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>().DistinctBy(set => set.Digest)]);
}
