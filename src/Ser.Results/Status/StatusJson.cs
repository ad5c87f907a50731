using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Results.Status;

/// <summary>The document of `ser status --json` and of GET /api/sweeps.</summary>
public static class StatusJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every sweep with its state and what runs.</summary>
    /// <param name="sweeps">In order of submission.</param>
    /// <param name="runner">Whether somebody runs them or would.</param>
    public static string Write(IReadOnlyList<SweepSnapshot> sweeps, bool runner) =>
        new JsonObject { ["sweeps"] = new JsonArray([.. sweeps.Select(Sweep)]), ["runner"] = runner }.ToJsonString(Indented);

    private static JsonObject Sweep(SweepSnapshot sweep)
    {
        var progress = SweepProgress.Of(sweep);
        var shown = new JsonObject
        {
            ["name"] = sweep.Name,
            ["state"] = sweep.State.ToString().ToLowerInvariant(),
            ["folds"] = new JsonObject { ["done"] = progress.FoldsDone, ["planned"] = progress.Folds },
            ["jobs"] = new JsonObject([.. sweep.Jobs.GroupBy(job => job.State).OrderBy(group => group.Key)
                .Select(group => KeyValuePair.Create(group.Key.ToString().ToLowerInvariant(), (JsonNode?)group.Count()))]),
            ["running"] = new JsonArray([.. progress.Arms.SelectMany(arm => arm.Running).Select(Running)]),
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
