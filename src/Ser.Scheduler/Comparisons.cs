using System.Globalization;
using Microsoft.Extensions.Logging;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Selection;
using Ser.Stages;

namespace Ser.Scheduler;

/// <summary>Compares the arms of a sweep that asked for it once all that are left have come to the epoch: the better ones go on, the others stay parked.</summary>
public sealed class Comparisons(IJobStore jobs, IJobReads reads, ILogger<Comparisons> log)
{
    /// <summary>Looks at every sweep with parked jobs of which nobody has said yet whether they go on.</summary>
    public void RunOnce()
    {
        foreach (string name in reads.Undecided())
        {
            Decide(reads.Sweep(name));
        }
    }

    private void Decide(SweepSnapshot sweep)
    {
        var definition = SweepDefinition.Parse(sweep.Definition);
        var halving = ExperimentJson.Read(definition.Experiment.ToJsonString()).Halving;
        string trains = Pipeline.Stages.First(stage => stage.Trains).Name;
        var training = sweep.Jobs.ToDictionary(job => job.Id);
        var left = definition.Folds.Where(fold => !fold.Arm.IsBaseline)
            .Select(fold => (fold.Arm, Group: fold.Arm.NameOver("").TrimEnd(), Fold: FormattableString.Invariant($"{fold.Fold} of seed {fold.Arm.Seed}"), Job: training[fold.Jobs[trains]]))
            .Where(fold => !(fold.Job.State == JobState.Parked && fold.Job.Aside)).ToList();
        var parked = left.Where(fold => fold.Job.State == JobState.Parked).ToList();
        if (parked.Count == 0 || left.Any(fold => fold.Job.State is JobState.Waiting or JobState.Ready or JobState.Running))
        {
            return;
        }

        int rung = parked.Min(fold => fold.Job.Rung);
        int epoch = rung < halving.Epochs.Count ? halving.Epochs[rung] : int.MaxValue;
        var answers = left.SelectMany(fold => reads.Points(fold.Job.Id).Where(point => point.Epoch <= epoch && point.Of.Count > 0).TakeLast(1).Select(point => new RungAnswers(fold.Group, fold.Fold, point.Right, point.Of))).ToList();
        var places = Halving.Compare([.. left.Select(fold => fold.Group).Distinct()], answers, halving.Keep);
        foreach (var (place, at) in places.Select((place, at) => (place, at)))
        {
            string[] ids = [.. parked.Where(fold => fold.Group == place.Arm).Select(fold => fold.Job.Id)];
            string said = string.Create(CultureInfo.InvariantCulture, $"after epoch {epoch} its pooled validation UA of {100 * place.Ua:0.0} % was in place {at + 1} of {places.Count}");
            if (place.GoesOn)
            {
                jobs.Promote(ids, rung + 1);
            }
            else
            {
                jobs.SetAside(ids, $"stopped early: {said}; ser resume {sweep.Name} --parked goes on");
            }

            log.LogInformation("{Sweep}, {Arm}: {Said}; it {Ends}", sweep.Name, place.Arm, said, place.GoesOn ? "goes on" : "is set aside");
        }
    }
}
