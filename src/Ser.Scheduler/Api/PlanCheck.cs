using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Stages.Evaluate;

namespace Ser.Scheduler.Api;

/// <summary>
/// Whether a posted plan is what it says. Whoever posts it may be mistaken, of another version or hostile: a job under an id that is not its hash would stand for another's result.
/// </summary>
internal static class PlanCheck
{
    /// <summary>Most jobs of one sweep.</summary>
    public const int MostJobs = 100_000;

    private const int LongestName = 100;
    private const int Shown = 10;
    private static readonly IReadOnlyDictionary<string, IStage> Stages = Pipeline.Stages.ToDictionary(stage => stage.Name);

    /// <exception cref="InputException">The message has the first problems, each with what would be right.</exception>
    public static void Check(SubmittedSweep sweep)
    {
        if (sweep.Definition is null || sweep.Jobs is null || sweep.Corpus is null || sweep.Weights is null)
        {
            throw new InputException("a submission has name, definition, jobs, corpus and weights; one of them is not there");
        }

        var problems = Problems(sweep).Take(Shown + 1).ToList();
        if (problems.Count > 0)
        {
            string more = problems.Count > Shown ? "\nand more" : "";
            throw new InputException($"the plan is not right, so nothing was changed:\n{string.Join('\n', problems.Take(Shown))}{more}");
        }
    }

    private static IEnumerable<string> Problems(SubmittedSweep sweep)
    {
        if (!IsName(sweep.Name))
        {
            return [$"name: give 1 to {LongestName} characters without / and \\ and without space at either end"];
        }

        return sweep.Jobs.Count is 0 or > MostJobs
            ? [$"jobs: a sweep has 1 to {MostJobs} jobs, this one has {sweep.Jobs.Count}: divide the experiment"]
            : [.. OfInputs(sweep), .. OfJobs(sweep.Jobs).Take(Shown + 1), .. OfDefinition(sweep).Take(Shown + 1)];
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && name.Trim() == name && name is not ("." or "..") && !name.Any(c => char.IsControl(c) || c is '/' or '\\');

    private static IEnumerable<string> OfInputs(SubmittedSweep sweep)
    {
        var corpus = sweep.Corpus;
        if (corpus.Classes is null || corpus.Speakers is null || corpus.Utterances is null or { Count: 0 }
            || corpus.Utterances.Any(utterance => utterance?.Name is null || utterance.Speaker is null || utterance.Path is null || !InputShelf.IsDigest(utterance.Sha256)))
        {
            yield return "corpus: every utterance has name, speaker, path and sha256 (64 lower-case hexadecimal digits)";
        }
        else if (CorpusDigest.Of(corpus.Classes, corpus.Utterances) is var digest && (corpus.Digest != digest || sweep.Definition.Corpus != digest))
        {
            yield return $"corpus: its digest is {digest}, not {corpus.Digest} and {sweep.Definition.Corpus} as was said: submit the experiment again with the version of ser that runs here";
        }

        if ((sweep.Recordings ?? []).Any(set => set?.Files is null || set.Files.Any(file => file?.Path is null || !InputShelf.IsDigest(file.Digest))))
        {
            yield return "recordings: every file has path and digest (64 lower-case hexadecimal digits)";
        }

        if (sweep.Weights.FirstOrDefault(weights => weights?.Path is null || !InputShelf.IsDigest(weights.Digest)) is not null)
        {
            yield return "weights: every file has path and digest (64 lower-case hexadecimal digits)";
        }
        else if ((sweep.Definition.WeightsDigests ?? []).Except(sweep.Weights.Select(weights => weights.Digest)).FirstOrDefault() is { } missing)
        {
            yield return $"weights: {missing} of the definition is not among them";
        }
    }

    private static IEnumerable<string> OfJobs(IReadOnlyList<SweepJob> jobs)
    {
        var earlier = new Dictionary<string, PlannedJob>();
        for (int i = 0; i < jobs.Count; i++)
        {
            if (jobs[i] is not { Job: { Id: not null, Stage: not null, Title: not null, Spec: not null, After: not null } job, Arm: not null, Fold: > 0 })
            {
                yield return $"jobs[{i}]: a job has id, stage, title, spec and after, and an arm and a fold from 1";
            }
            else if (OfJob(job, earlier) is { } problem)
            {
                yield return $"jobs[{i}]: {problem}";
            }
            else
            {
                earlier.TryAdd(job.Id, job);
            }
        }
    }

    private static string? OfJob(PlannedJob job, Dictionary<string, PlannedJob> earlier)
    {
        if (!Stages.TryGetValue(job.Stage, out var stage))
        {
            return $"there is no stage {job.Stage}: the stages are {string.Join(", ", Stages.Keys)} (the nearest is {Nearest.Of(job.Stage, Stages.Keys)})";
        }

        if (job.After.FirstOrDefault(parent => parent is null || !earlier.ContainsKey(parent)) is { } stranger)
        {
            return $"it comes after {stranger}, which no earlier job is";
        }

        string[] parents = [.. job.After.Select(parent => earlier[parent].Stage)];
        if (!parents.SequenceEqual(stage.After))
        {
            return $"{job.Stage} comes after {(stage.After.Count == 0 ? "nothing" : string.Join(", ", stage.After))}, not after {(parents.Length == 0 ? "nothing" : string.Join(", ", parents))}";
        }

        var spec = job.Spec.DeepClone().AsObject();
        spec.Remove(JobHints.Key);
        string id = JobId.Of(stage.Name, stage.Revision, spec, job.After);
        return id == job.Id ? null : $"its id is {id}, not {job.Id}, by {stage.Name} in revision {stage.Revision}: submit with the version of ser that runs here";
    }

    private static IEnumerable<string> OfDefinition(SubmittedSweep sweep)
    {
        string? wrong = null;
        Experiment? experiment = null;
        try
        {
            experiment = ExperimentJson.Read(sweep.Definition.Experiment.ToJsonString());
        }
        catch (Exception unreadable) when (unreadable is JsonException or InputException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            wrong = $"definition.experiment: {unreadable.Message}";
        }

        if (wrong is not null)
        {
            yield return wrong;
            yield break;
        }

        if (experiment!.Name != sweep.Name)
        {
            yield return $"definition.experiment.name is {experiment.Name}, not {sweep.Name}";
        }

        var stageOf = sweep.Jobs.Where(entry => entry?.Job?.Id is not null).DistinctBy(entry => entry.Job.Id).ToDictionary(entry => entry.Job.Id, entry => entry.Job.Stage);
        foreach (var fold in sweep.Definition.Folds ?? [])
        {
            if (fold?.Arm is null || fold.Jobs is null)
            {
                yield return "definition.folds: every fold has arm, fold and jobs";
            }
            else if (fold.Jobs.FirstOrDefault(job => stageOf.GetValueOrDefault(job.Value) != job.Key) is { Key: not null } stray)
            {
                yield return $"definition.folds: {stray.Key} {stray.Value} of fold {fold.Fold} is no job of the plan";
            }
            else if (!fold.Jobs.ContainsKey(Ser.Stages.Evaluate.EvaluateStage.StageName))
            {
                yield return $"definition.folds: fold {fold.Fold} of {fold.Arm.Name} has no {Ser.Stages.Evaluate.EvaluateStage.StageName}";
            }
        }
    }
}
