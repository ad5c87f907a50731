using System.Globalization;
using Microsoft.Extensions.Logging;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Selection;
using Ser.Stages;

namespace Ser.Scheduler;

/// <summary>
/// Applies successive halving to sweeps that use it: once training of all remaining arms has reached an epoch of the experiment's list, the
/// better arms are promoted and the others eliminated.
/// </summary>
public sealed class SuccessiveHalving(IParkedJobs parkedJobs, IJobReads reads, FailureIsolation isolation, ILogger<SuccessiveHalving> log)
{
    /// <summary>Compares the arms of every sweep that is waiting for it.</summary>
    public void RunOnce()
    {
        foreach (string name in reads.SweepsAwaitingHalving())
        {
            isolation.Run("sweep", name, () => Compare(reads.Sweep(name)));
        }
    }

    private void Compare(SweepSnapshot sweep)
    {
        var definition = SweepDefinition.Parse(sweep.Definition);
        var halving = ExperimentJson.Read(definition.Experiment.ToJsonString()).Halving;
        var remaining = FindTraining(sweep, definition).Where(fold => !IsEliminated(fold.Job)).ToList();
        var parked = remaining.Where(fold => fold.Job.State == JobState.Parked).ToList();
        if (parked.Count == 0 || remaining.Any(fold => IsUnfinished(fold.Job)))
        {
            return;
        }

        int rung = parked.Min(fold => fold.Job.Rung);
        int epoch = rung < halving.Epochs.Count ? halving.Epochs[rung] : int.MaxValue;
        var curves = reads.LearningCurves([.. remaining.Select(fold => fold.Job.Id)]);
        var answers = remaining.SelectMany(fold => AnswersAt(epoch, fold, curves[fold.Job.Id])).ToList();
        var ranks = Halving.RankArms([.. remaining.Select(fold => fold.Arm).Distinct()], answers, halving.Keep);
        for (int i = 0; i < ranks.Count; i++)
        {
            var arm = ranks[i];
            string[] ids = [.. parked.Where(fold => fold.Arm == arm.Arm).Select(fold => fold.Job.Id)];
            string score = string.Create(
                CultureInfo.InvariantCulture,
                $"after epoch {epoch} its pooled validation UA of {100 * arm.Ua:0.0} % ranked {i + 1} of {ranks.Count}");
            if (arm.Continues)
            {
                parkedJobs.Promote(ids, rung + 1);
            }
            else
            {
                parkedJobs.Eliminate(ids, $"stopped early: {score}; to continue: ser resume {sweep.Name} --parked");
            }

            string outcome = arm.Continues ? "continues" : "is eliminated";
            log.LogInformation("{Sweep}, {Arm}: {Score}; it {Outcome}", sweep.Name, arm.Arm, score, outcome);
        }
    }

    private static IEnumerable<TrainingFold> FindTraining(SweepSnapshot sweep, SweepDefinition definition)
    {
        string stage = Pipeline.Stages.First(stage => stage.Trains).Name;
        var jobs = sweep.Jobs.ToDictionary(job => job.Id);
        return
            from fold in definition.Folds
            where !fold.Arm.IsBaseline
            let arm = fold.Arm.NameWithSeeds("").TrimEnd()
            let name = FormattableString.Invariant($"{fold.Fold} of seed {fold.Arm.Seed}")
            select new TrainingFold(arm, name, jobs[fold.Jobs[stage]]);
    }

    private static bool IsEliminated(JobSnapshot job) => job.State == JobState.Parked && job.EliminatedByHalving;

    private static bool IsUnfinished(JobSnapshot job) => job.State is JobState.Waiting or JobState.Ready or JobState.Running;

    // The last counted epoch up to the given one; empty if there is none.
    private static IEnumerable<RungPredictions> AnswersAt(int epoch, TrainingFold fold, IEnumerable<EpochPoint> curve)
    {
        var points = curve.Where(point => point.Epoch <= epoch && point.Of.Count > 0);
        return points.TakeLast(1).Select(point => new RungPredictions(fold.Arm, fold.Fold, point.Right, point.Of));
    }

    // Arm is the name without the seed: the seeds of an arm are compared together.
    private sealed record TrainingFold(string Arm, string Fold, JobSnapshot Job);
}
