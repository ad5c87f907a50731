using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Planning;
using Ser.Runners;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser submit`: plans an experiment here and submits the plan to a scheduler.</summary>
internal static class SubmitCommand
{
    internal static SerCommand Create()
    {
        var command = new SerCommand(
            "submit",
            "Submit an experiment to a scheduler.",
            "ser submit experiments/iemocap.yaml --server http://127.0.0.1:5090",
            "Submit an experiment to a scheduler: it is planned here, and inputs that the scheduler lacks are uploaded. "
            + "Finished work is reused.");
        var experiment = new ExperimentArguments(command);
        var shared = new Option<bool>("--shared-paths")
        {
            Description = "Upload nothing: recordings and weights have the same paths on every machine.",
        };
        var cron = new Option<string?>("--cron")
        {
            Description = "Submit it on a schedule: minute, hour, day of the month, month, day of the week, such as '0 22 * * 1-5'. "
                + "See ser schedules.",
            HelpName = "CRON",
        };
        var zone = new Option<string>("--zone")
        {
            Description = "Time zone of --cron.",
            HelpName = "ZONE",
            DefaultValueFactory = _ => "UTC",
        };
        command.Add(shared);
        command.Add(cron);
        command.Add(zone);
        command.SetAction(async (parsed, stop) =>
        {
            var submitted = experiment.Read(parsed);
            using var server = SchedulerOptions.ConnectRequired(parsed);
            Output.WriteMessage($"reading corpus {submitted.Corpus}");
            var prepared = PreparedExperiment.Prepare(submitted, CommandLine.InputFolder(parsed), Machine.Capabilities);
            foreach (string warning in prepared.Warnings)
            {
                Output.WriteMessage($"warning: {warning}");
            }

            var schedule = parsed.GetValue(cron) is { } text ? new SubmittedCron(text, parsed.GetValue(zone)!) : null;
            var answer = await SweepUpload.SubmitAsync(
                server, prepared.Context, prepared.Folds, parsed.GetValue(shared), schedule, Output.WriteMessage, stop);
            Output.WriteMessage(Describe(answer, schedule, server.Address));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(JsonSerializer.SerializeToNode(answer, ApiJson.Options) as JsonObject ?? []);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static string Describe(SubmissionResponse answer, SubmittedCron? schedule, Uri server)
    {
        string jobs = Plural.Count(answer.Planned, "job");
        return schedule is null
            ? $"{answer.Sweep}: {jobs}, {answer.Reused} already done, {answer.Revived} restarted; "
                + $"follow it with: ser watch {answer.Sweep} --server {server}"
            : $"{answer.Sweep}: {jobs}, submitted at '{schedule.Text}' ({schedule.Zone}); list it with: ser schedules --server {server}";
    }
}
