using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Doctor;
using Ser.Domain;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser doctor`: what this machine has and lacks, and whether it computes correct numbers.</summary>
internal static class DoctorCommand
{
    internal static SerCommand Create()
    {
        var deep = new Option<bool>("--deep")
        {
            Description = "Hash every recording, weights file and result that the data folder refers to; "
                + "without it only their presence is checked.",
        };
        var command = new SerCommand(
            "doctor",
            "Check this machine, the data folder and the numbers.",
            "ser doctor --deep",
            "Check what this machine has and lacks, whether the data folder is sound (it need not exist and is not created), and whether "
            + "numbers are right here: small computations are compared with the results of other software. "
            + "One line for each check: ok, warning or failure, with a remedy. Exit code 1 where a check failed.")
        {
            deep,
        };
        command.SetAction(parsed =>
        {
            bool json = parsed.GetValue(CommandLine.Json);
            var found = new List<CheckResult>();
            var checks = Checks.All(CommandLine.DataFolder(parsed), parsed.GetValue(deep), TimeProvider.System);
            foreach (var result in CheckRunner.RunAll(checks))
            {
                found.Add(result);
                if (!json)
                {
                    // Printed at once: if a native library ends the process, the last line shows how far the checks came.
                    Print(result);
                }
            }

            var counts = found.CountBy(result => result.Finding.State).ToDictionary();
            int failures = counts.GetValueOrDefault(CheckState.Failure);
            if (json)
            {
                Output.WriteJson(new JsonObject { ["checks"] = new JsonArray([.. found.Select(Json)]) });
            }
            else
            {
                string warnings = Plural.Count(counts.GetValueOrDefault(CheckState.Warning), "warning");
                Output.WriteText($"{counts.GetValueOrDefault(CheckState.Ok)} ok, {warnings}, {Plural.Count(failures, "failure")}");
            }

            return failures > 0 ? CommandLine.WorkFailed : CommandLine.Done;
        });
        return command;
    }

    private static void Print(CheckResult result)
    {
        var finding = result.Finding;
        Output.WriteText($"{StateName(finding.State),-8} {result.Check.Name,-20} {finding.Detail}");
        if (finding.Remedy is { } cure)
        {
            Output.WriteText($"{"",-29} → {cure}");
        }
    }

    private static JsonObject Json(CheckResult result) => new()
    {
        ["name"] = result.Check.Name,
        ["state"] = StateName(result.Finding.State),
        ["detail"] = result.Finding.Detail,
        ["cure"] = result.Finding.Remedy,
    };

    private static string StateName(CheckState state) => state.ToString().ToLowerInvariant();
}
