using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Doctor;

namespace Ser.Cli.Commands;

/// <summary>`ser doctor`: what this machine has and lacks, and whether numbers come out right on it.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var deep = new Option<bool>("--deep") { Description = "Hash every recording, weights file and result that the data folder refers to; without it they are only looked for." };
        var command = new Command(
            "doctor",
            "Say what this machine has and lacks, whether the data folder is sound (it need not be there, and is not made), and whether numbers come out right here: small computations are compared with what other software computed. "
            + "A line for each check: ok, warning or failure, with a cure. Exit code 1 where one failed.")
        {
            deep,
        };
        command.SetAction(parsed =>
        {
            bool json = parsed.GetValue(CommandLine.Json);
            var found = new List<(ICheck Check, Finding Finding)>();
            foreach (var one in Examination.Of(Checks.All(CommandLine.DataFolder(parsed), parsed.GetValue(deep), TimeProvider.System)))
            {
                found.Add(one);
                if (!json)
                {
                    Print(one.Check.Name, one.Finding); // as they come: should a native library end the process, the line before says where
                }
            }

            int Count(State state) => found.Count(one => one.Finding.State == state);
            if (json)
            {
                Output.Json(new JsonObject { ["checks"] = new JsonArray([.. found.Select(one => Json(one.Check.Name, one.Finding))]) });
            }
            else
            {
                Output.Text($"{Count(State.Ok)} ok, {Count(State.Warning)} warning{(Count(State.Warning) == 1 ? "" : "s")}, {Count(State.Failure)} failure{(Count(State.Failure) == 1 ? "" : "s")}");
            }

            return Count(State.Failure) > 0 ? CommandLine.WorkFailed : CommandLine.Done;
        });
        return command;
    }

    private static void Print(string name, Finding finding)
    {
        Output.Text($"{Word(finding.State),-8} {name,-20} {finding.Detail}");
        if (finding.Cure is { } cure)
        {
            Output.Text($"{"",-29} → {cure}");
        }
    }

    private static JsonObject Json(string name, Finding finding) => new() { ["name"] = name, ["state"] = Word(finding.State), ["detail"] = finding.Detail, ["cure"] = finding.Cure };

    private static string Word(State state) => state.ToString().ToLowerInvariant();
}
