using System.Text.Json;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser plan` shows what would be run.</summary>
public sealed class PlanTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    [Fact]
    public async Task As_many_folds_as_sessions_of_two_leave_one_session_out()
    {
        string[] manifest = await File.ReadAllLinesAsync(Path.Combine(experiments.Folder, "corpus.csv"));
        string sessions = Path.Combine(experiments.Folder, "sessions.csv");
        var withSession = manifest.Skip(1).Select(line => line + "," + line.Split(',')[2][..5]);
        await File.WriteAllLinesAsync(sessions, [manifest[0] + ",session", .. withSession]);
        string[] options = ["--json", "--set", $"corpus=csv:{sessions}", "--set", "folds=3"];
        var plan = await SerProcess.RunAsync(experiments.Folder, ["plan", "experiment.yaml", .. options]);
        Assert.True(plan.ExitCode == 0, plan.Errors);
        var folds = plan.Json().GetProperty("folds").EnumerateArray().ToList();
        Assert.Equal(["Syn01F Syn01M", "Syn02F Syn02M", "Syn03F Syn03M"], folds.Select(fold => Speakers(fold, "test")));
        Assert.Equal(["Syn02F Syn02M", "Syn03F Syn03M", "Syn01F Syn01M"], folds.Select(fold => Speakers(fold, "validation")));
        Assert.Equal(["Syn03F Syn03M", "Syn01F Syn01M", "Syn02F Syn02M"], folds.Select(fold => Speakers(fold, "train")));
        Assert.All(folds, fold => Assert.Equal(24, fold.GetProperty("test").GetProperty("utterances").GetInt32()));
    }

    [Fact]
    public async Task The_classical_baseline_takes_no_steps()
    {
        string[] baseline = ["--set", "encoder={ preset: mfcc }", "--set", "grid={}"];
        var plan = await SerProcess.RunAsync(experiments.Folder, ["plan", "experiment.yaml", .. baseline]);
        Assert.Contains("Time: 3 fine-tunes left, all of the classical baseline", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_tables_share_is_counted_and_hours_are_known_once_a_step_is_measured()
    {
        const string Grid = "grid={ lambda: [0, 0.1], augmentation: [noise, none] }";
        string[] plan = ["plan", "experiment.yaml", "--json", "--set", "training.maxSeconds=0.4", "--set", Grid];
        var unknown = (await SerProcess.RunAsync(experiments.Folder, plan)).Json();
        var tables = unknown.GetProperty("tables").EnumerateArray().ToDictionary(table => table.GetProperty("name").GetString()!);
        Assert.Equal((6, 6), Counts(tables["Table 1"]));
        Assert.Equal((6, 3), Counts(tables["Table 2"]));
        Assert.Equal((6, 0), Counts(tables["Table 3"]));
        Assert.Equal((3, 3), Counts(tables["no table"]));
        var cost = unknown.GetProperty("cost");
        Assert.Equal(12, cost.GetProperty("fineTunes").GetInt32());
        Assert.Equal(12, cost.GetProperty("unknown").GetInt32());
        Assert.Equal(0, cost.GetProperty("hours").GetArrayLength());
        Assert.Equal(12 * 3 * 2, cost.GetProperty("steps").GetInt32()); // 24 training utterances, batches of 12, 3 epochs

        // Steps with one view and with two take different times, so they are two kinds of step.
        var measured = await SerProcess.RunAsync(experiments.Folder, [.. plan, "--measure", "--set", "training.epochs=20"]);
        Assert.True(measured.ExitCode == 0, measured.Errors);
        Assert.Equal(2, measured.Errors.Split('\n').Count(line => line.StartsWith("measuring", StringComparison.Ordinal)));
        cost = measured.Json().GetProperty("cost");
        Assert.Equal(0, cost.GetProperty("unknown").GetInt32());
        Assert.InRange(cost.GetProperty("hours")[0].GetProperty("hours").GetDouble(), 1e-4, 10);
        var text = await SerProcess.RunAsync(experiments.Folder, "plan", "experiment.yaml");
        Assert.Contains("The duration is unknown", text.Output, StringComparison.Ordinal);
    }

    private static (int FineTunes, int New) Counts(JsonElement table) =>
        (table.GetProperty("fineTunes").GetInt32(), table.GetProperty("new").GetInt32());

    private static string Speakers(JsonElement fold, string side) =>
        string.Join(' ', fold.GetProperty(side).GetProperty("speakers").EnumerateArray().Select(speaker => speaker.GetString()));
}
