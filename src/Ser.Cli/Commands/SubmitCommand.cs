using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Domain.Experiments;
using Ser.Planning;

namespace Ser.Cli.Commands;

/// <summary>`ser submit`: plans here and hands the plan to a scheduler.</summary>
internal static class SubmitCommand
{
    internal static Command Create()
    {
        var command = new Command("submit", "Hand an experiment to a scheduler: it is planned here, inputs that the scheduler lacks are uploaded. What is done already is not done again.");
        var experiment = new ExperimentArguments(command);
        var shared = new Option<bool>("--shared-paths") { Description = "Upload nothing: recordings and weights lie at the same paths on every machine." };
        var cron = new Option<string?>("--cron") { Description = "Submit it again and again: minute, hour, day of the month, month, day of the week, such as '0 22 * * 1-5'. See ser schedules.", HelpName = "CRON" };
        var zone = new Option<string>("--zone") { Description = "Time zone in which --cron is meant.", HelpName = "ZONE", DefaultValueFactory = _ => "UTC" };
        command.Add(shared);
        command.Add(cron);
        command.Add(zone);
        command.SetAction(async (parsed, stop) =>
        {
            var asked = experiment.Read(parsed);
            using var server = Target.Required(parsed);
            Output.Say($"reading corpus {asked.Corpus}");
            var prepared = Preparation.Of(asked, CommandLine.FolderOfInputs(parsed));
            foreach (string warning in prepared.Warnings)
            {
                Output.Say($"warning: {warning}");
            }

            var schedule = parsed.GetValue(cron) is { } text ? new SubmittedCron(text, parsed.GetValue(zone)!) : null;
            var answer = await Upload.SubmitAsync(server, prepared, parsed.GetValue(shared), schedule, stop);
            Output.Say(schedule is not null ? $"{answer.Sweep}: {answer.Planned} jobs, submitted at '{schedule.Text}' ({schedule.Zone}); ser schedules --server {server.Address} lists it" : $"{answer.Sweep}: {answer.Planned} jobs, {answer.Reused} done already, {answer.Revived} revived; look with: ser watch {answer.Sweep} --server {server.Address}");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(JsonSerializer.SerializeToNode(answer, ApiJson.Options) as JsonObject ?? []);
            }

            return CommandLine.Done;
        });
        return command;
    }
}
