using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Results.Status;

/// <summary>Writes the JSON document of `ser status --json` and GET /api/sweeps.</summary>
public static class StatusJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes every sweep with its state and its running jobs.</summary>
    /// <param name="sweeps">Sweeps in order of submission.</param>
    /// <param name="runner">Whether a runner or scheduler is active.</param>
    /// <param name="total">Number of sweeps on all pages of a list; null: these are all.</param>
    public static string Write(IReadOnlyList<SweepSnapshot> sweeps, bool runner, int? total = null)
    {
        var status = new JsonObject { ["sweeps"] = new JsonArray([.. sweeps.Select(Sweep)]), ["runner"] = runner };
        if (total is not null)
        {
            status["total"] = total;
        }

        return status.ToJsonString(Indented);
    }

    private static JsonObject Sweep(SweepSnapshot sweep)
    {
        var progress = SweepProgress.FromSnapshot(sweep);
        var byState = sweep.Jobs.GroupBy(job => job.State).OrderBy(group => group.Key);
        var counts = byState.Select(group => KeyValuePair.Create(group.Key.ToString().ToLowerInvariant(), (JsonNode?)group.Count()));
        var running = progress.Arms.SelectMany(arm => arm.Running);
        var shown = new JsonObject
        {
            ["name"] = sweep.Name,
            ["state"] = sweep.State.ToString().ToLowerInvariant(),
            ["folds"] = new JsonObject { ["done"] = progress.FoldsDone, ["planned"] = progress.Folds },
            ["jobs"] = new JsonObject(counts),
            ["running"] = new JsonArray([.. running.Select(Running)]),
        };
        if (sweep.Imported is { } from)
        {
            shown["imported"] = from;
        }

        return shown;
    }

    private static JsonObject Running(JobSnapshot job) => new()
    {
        ["jobId"] = job.Id,
        ["arm"] = job.Arm,
        ["fold"] = job.Fold,
        ["stage"] = job.Stage,
        ["attempt"] = job.Attempt,
        ["epoch"] = job.Progress?.Epoch,
        ["epochs"] = job.Progress?.Epochs,
        ["loss"] = job.Progress?.Loss,
        ["stepsPerSecond"] = job.Progress?.StepsPerSecond,
    };
}
