using System.Text.Json;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser plan`: what would be run.</summary>
public sealed class PlanTests(Laboratory laboratory) : IClassFixture<Laboratory>
{
    [Fact]
    public async Task As_many_folds_as_sessions_of_two_leave_one_session_out()
    {
        string[] manifest = await File.ReadAllLinesAsync(Path.Combine(laboratory.Folder, "corpus.csv"));
        string sessions = Path.Combine(laboratory.Folder, "sessions.csv");
        await File.WriteAllLinesAsync(sessions, [manifest[0] + ",session", .. manifest.Skip(1).Select(line => line + "," + line.Split(',')[2][..5])]);
        var plan = await SerProcess.RunAsync(laboratory.Folder, "plan", "experiment.yaml", "--json", "--set", $"corpus=csv:{sessions}", "--set", "folds=3");
        Assert.True(plan.ExitCode == 0, plan.Errors);
        var folds = plan.Json().GetProperty("folds").EnumerateArray().ToList();
        Assert.Equal(["Syn01F Syn01M", "Syn02F Syn02M", "Syn03F Syn03M"], folds.Select(fold => Speakers(fold, "test")));
        Assert.Equal(["Syn02F Syn02M", "Syn03F Syn03M", "Syn01F Syn01M"], folds.Select(fold => Speakers(fold, "validation")));
        Assert.Equal(["Syn03F Syn03M", "Syn01F Syn01M", "Syn02F Syn02M"], folds.Select(fold => Speakers(fold, "train")));
        Assert.All(folds, fold => Assert.Equal(24, fold.GetProperty("test").GetProperty("utterances").GetInt32()));
    }

    private static string Speakers(JsonElement fold, string side) =>
        string.Join(' ', fold.GetProperty(side).GetProperty("speakers").EnumerateArray().Select(speaker => speaker.GetString()));
}
