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
/// Validates a posted plan. Clients may be wrong, outdated or malicious: a job whose id is not the hash of its specification would replace
/// the result of another job.
/// </summary>
internal static class PlanValidation
{
    /// <summary>Maximum number of jobs of a sweep.</summary>
    public const int MaxJobs = 100_000;

    private const int MaxNameLength = 100;
    private const int MaxListed = 10;
    private static readonly IReadOnlyDictionary<string, IStage> Stages = Pipeline.Stages.ToDictionary(stage => stage.Name);

    /// <exception cref="InputException">The plan is invalid; the message lists the first problems.</exception>
    public static void Check(SubmittedSweep sweep)
    {
        if (sweep.Definition is null || sweep.Jobs is null || sweep.Corpus is null || sweep.Weights is null)
        {
            throw new InputException("a submission must have name, definition, jobs, corpus and weights; one of them is missing");
        }

        var problems = FindProblems(sweep).Take(MaxListed + 1).ToList();
        if (problems.Count > 0)
        {
            string listed = string.Join('\n', problems.Take(MaxListed));
            string more = problems.Count > MaxListed ? "\nand more" : "";
            throw new InputException($"the plan is invalid, so nothing was changed:\n{listed}{more}");
        }
    }

    private static IEnumerable<string> FindProblems(SubmittedSweep sweep)
    {
        if (!IsName(sweep.Name))
        {
            return [$"name: give 1 to {MaxNameLength} characters without / and \\ and without space at either end"];
        }

        if (sweep.Jobs.Count is 0 or > MaxJobs)
        {
            return [$"jobs: a sweep has 1 to {MaxJobs} jobs, this one has {sweep.Jobs.Count}: divide the experiment"];
        }

        var ofJobs = CheckJobs(sweep.Jobs).Take(MaxListed + 1);
        var ofDefinition = CheckDefinition(sweep).Take(MaxListed + 1);
        return [.. CheckInputs(sweep), .. ofJobs, .. ofDefinition];
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength }
        && name.Trim() == name
        && name is not ("." or "..")
        && !name.Any(c => char.IsControl(c) || c is '/' or '\\');

    private static IEnumerable<string> CheckInputs(SubmittedSweep sweep)
    {
        if (!IsComplete(sweep.Corpus))
        {
            yield return "corpus: every utterance must have name, speaker, path and sha256 (64 lower-case hexadecimal digits)";
        }
        else if (CheckCorpusDigest(sweep) is { } problem)
        {
            yield return problem;
        }

        if ((sweep.Recordings ?? []).Any(set => set?.Files is null || set.Files.Any(file => !IsFile(file?.Path, file?.Digest))))
        {
            yield return "recordings: every file must have path and digest (64 lower-case hexadecimal digits)";
        }

        if (sweep.Weights.Any(file => !IsFile(file?.Path, file?.Digest)))
        {
            yield return "weights: every file must have path and digest (64 lower-case hexadecimal digits)";
        }
        else if (FindMissingWeights(sweep) is { } missing)
        {
            yield return $"weights: {missing} of the definition is missing";
        }
    }

    private static bool IsComplete(Corpus corpus) =>
        corpus.Classes is not null
        && corpus.Speakers is not null
        && corpus.Utterances is { Count: > 0 }
        && corpus.Utterances.All(utterance =>
            utterance?.Name is not null && utterance.Speaker is not null && IsFile(utterance.Path, utterance.Sha256));

    private static bool IsFile(string? path, string? digest) => path is not null && InputStore.IsDigest(digest);

    private static string? CheckCorpusDigest(SubmittedSweep sweep)
    {
        string digest = CorpusDigest.Compute(sweep.Corpus.Classes, sweep.Corpus.Utterances);
        return sweep.Corpus.Digest == digest && sweep.Definition.Corpus == digest
            ? null
            : $"corpus: its digest is {digest}, but the submission says {sweep.Corpus.Digest} and {sweep.Definition.Corpus}: "
                + "submit the experiment with the version of ser that the scheduler runs";
    }

    private static string? FindMissingWeights(SubmittedSweep sweep)
    {
        var given = sweep.Weights.Select(file => file.Digest);
        return (sweep.Definition.WeightsDigests ?? []).Except(given).FirstOrDefault();
    }

    private static IEnumerable<string> CheckJobs(IReadOnlyList<SweepJob> jobs)
    {
        var earlier = new Dictionary<string, PlannedJob>();
        for (int i = 0; i < jobs.Count; i++)
        {
            if (!IsComplete(jobs[i]))
            {
                yield return $"jobs[{i}]: a job must have id, stage, title, spec and after, an arm, and a fold from 1";
                continue;
            }

            var job = jobs[i].Job;
            if (CheckJob(job, earlier) is { } problem)
            {
                yield return $"jobs[{i}]: {problem}";
            }
            else
            {
                earlier.TryAdd(job.Id, job);
            }
        }
    }

    private static bool IsComplete(SweepJob? entry) => entry is
    {
        Job: { Id: not null, Stage: not null, Title: not null, Spec: not null, After: not null },
        Arm: not null,
        Fold: > 0,
    };

    private static string? CheckJob(PlannedJob job, Dictionary<string, PlannedJob> earlier)
    {
        if (!Stages.TryGetValue(job.Stage, out var stage))
        {
            string nearest = Spelling.Nearest(job.Stage, Stages.Keys)!;
            return $"there is no stage {job.Stage}: the stages are {string.Join(", ", Stages.Keys)} (the nearest is {nearest})";
        }

        if (job.After.FirstOrDefault(parent => parent is null || !earlier.ContainsKey(parent)) is { } unknown)
        {
            return $"its parent {unknown} is not an earlier job of the plan";
        }

        string[] parents = [.. job.After.Select(parent => earlier[parent].Stage)];
        if (!parents.SequenceEqual(stage.Parents))
        {
            return $"the parents of {job.Stage} must be {List(stage.Parents)}, not {List(parents)}";
        }

        if (JobHints.FindProblem(job.Spec) is { } wrongHints)
        {
            return wrongHints;
        }

        string id = JobId.Compute(stage.Name, stage.Revision, Pipeline.Identity(job.Spec), job.After);
        return id == job.Id
            ? null
            : $"its id must be {id}, not {job.Id}, for {stage.Name} in revision {stage.Revision}: "
                + "submit with the version of ser that the scheduler runs";
    }

    private static string List(IReadOnlyList<string> stages) => stages.Count == 0 ? "empty" : string.Join(", ", stages);

    private static IEnumerable<string> CheckDefinition(SubmittedSweep sweep)
    {
        string? wrong = null;
        Experiment? experiment = null;
        try
        {
            experiment = ExperimentJson.Read(sweep.Definition.Experiment.ToJsonString());
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
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

        if (HintLimits.FindProblem(Submission.TermsOf(experiment.Farm, null)) is { } terms)
        {
            yield return $"definition.experiment.farm: {terms}";
        }

        var planned = sweep.Jobs.Select(entry => entry?.Job).Where(job => job?.Id is not null).DistinctBy(job => job!.Id);
        var stageOf = planned.ToDictionary(job => job!.Id, job => job!.Stage);
        foreach (var fold in sweep.Definition.Folds ?? [])
        {
            if (fold?.Arm is null || fold.Jobs is null)
            {
                yield return "definition.folds: every fold must have arm, fold and jobs";
            }
            else if (fold.Jobs.FirstOrDefault(job => stageOf.GetValueOrDefault(job.Value) != job.Key) is { Key: not null } stray)
            {
                yield return $"definition.folds: {stray.Key} {stray.Value} of fold {fold.Fold} is not a job of the plan";
            }
            else if (FindMissingStage(fold) is { } missing)
            {
                yield return $"definition.folds: fold {fold.Fold} of {fold.Arm.Name} has no {missing}";
            }
        }
    }

    // A fold needs the stage that its numbers come from and, through the parents of each, every stage that leads to it.
    private static string? FindMissingStage(DefinedFold fold)
    {
        var required = fold.Jobs.Keys.Where(Stages.ContainsKey).SelectMany(stage => Stages[stage].Parents).Append(EvaluateStage.StageName);
        return required.FirstOrDefault(stage => !fold.Jobs.ContainsKey(stage));
    }

    // A definition of another shape fails in many ways.
    private static bool IsUnreadable(Exception error) =>
        error is JsonException or InputException or InvalidOperationException or NullReferenceException or ArgumentException;
}
