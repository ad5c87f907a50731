using System.CommandLine;
using Ser.Cli.Predictions;
using Ser.Cli.Remote;
using Ser.Cli.Reproduction;
using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Reporting.Reproduction;
using Ser.Results;
using Ser.Runners;
using Ser.Stages.Evaluate;

namespace Ser.Cli.Commands;

/// <summary>`ser reproduce`: makes one fold again from its recorded inputs and says whether it is the same.</summary>
internal static class ReproduceCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var fold = new Option<int>("--fold") { Description = "Number of the fold, from 1.", HelpName = "N", Required = true };
        var threads = new Option<int?>("--threads") { Description = "Threads of the jobs. Default: as recorded; another number makes other bits.", HelpName = "N" };
        var device = new Option<string?>("--device") { Description = "cpu or cuda. Default: as recorded.", HelpName = "NAME" };
        var corpus = new Option<string?>("--corpus") { Description = "The corpus, where it is not where the sweep found it. Its digest must be the sweep's.", HelpName = "KIND[:PATH]" };
        var weights = new Option<string?>("--weights") { Description = "The published weights, where they are not where the sweep found them.", HelpName = "FILE" };
        CommandLine.Bound(fold, 1, int.MaxValue);
        CommandLine.Bound(threads, 1, 1024);
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var command = new Command(
            "reproduce",
            "Run one fold again (FineTune, BuildDatastore, Evaluate) from its recorded specification, corpus and weights, in a temporary folder (TMPDIR says where), and say whether the result is the same "
            + "to the bit, the same to rounding, or different, and what differs in the environment. The sweep is not touched. Exit code 0: the same; 1: different.")
        {
            sweep, fold,
        };
        var arms = new ArmFilter(command);
        foreach (var option in (Option[])[threads, device, corpus, weights])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, interrupt) =>
        {
            if (parsed.GetValue(device) == "cuda" && !Stages.Machine.HasCuda)
            {
                throw new InputException("--device cuda, but libtorch finds no CUDA device here: leave it out, or see ser doctor");
            }

            using var source = await SweepAnywhere.OpenAsync(parsed, parsed.GetValue(sweep)!, interrupt);
            var stored = StoredSweep.Read(source.Reads, source.Artifacts, source.Name);
            var arm = arms.One(parsed, stored.Snapshot.Name, RecordedFold.Arms(stored)).Arm;
            var recorded = RecordedFold.Read(source.Reads, source.Artifacts, stored, arm, parsed.GetValue(fold));
            var evaluation = EvaluationFile.Read(source.Artifacts.Open(recorded[EvaluateStage.StageName].Job.Result!));
            Output.Say($"{stored.Snapshot.Name}, {arm.Name}, fold {recorded.Fold}: reading its inputs, then running it again");
            var again = await FoldRerun.RunAsync(
                recorded, new OtherCompute(parsed.GetValue(threads), parsed.GetValue(device)),
                scratch => RecordedInputs.Put(recorded, source.Artifacts, scratch.Artifacts, parsed.GetValue(corpus), parsed.GetValue(weights), scratch.Folder), interrupt);
            var reproduced = Reproduced.Of(recorded, FoldComparison.Of(evaluation, again.Evaluation, stored.Experiment.Retrieval), again);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(reproduced.Json());
            }
            else
            {
                Output.Text(reproduced.Text());
            }

            return reproduced.Comparison.Sameness == Sameness.Different ? CommandLine.WorkFailed : CommandLine.Done;
        });
        return command;
    }
}
