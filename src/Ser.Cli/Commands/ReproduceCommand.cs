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
using Ser.Server;
using Ser.Server.Hosts;
using Ser.Stages.Evaluate;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser reproduce`: runs one fold again from its recorded inputs and compares the results.</summary>
internal static class ReproduceCommand
{
    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var fold = new Option<int>("--fold") { Description = "Number of the fold, from 1.", HelpName = "N", Required = true };
        var threads = new Option<int?>("--threads")
        {
            Description = "Threads of the jobs. Default: as recorded; another number changes the bits of the results.",
            HelpName = "N",
        };
        var device = new Option<string?>("--device") { Description = "cpu or cuda. Default: as recorded.", HelpName = "NAME" };
        var corpus = new Option<string?>("--corpus")
        {
            Description = "The corpus, if it has moved since the sweep was run. Its digest must be the sweep's.",
            HelpName = "KIND[:PATH]",
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "The published weights, if they have moved since the sweep was run.",
            HelpName = "FILE",
        };
        CommandLine.SetRange(fold, 1, int.MaxValue);
        CommandLine.SetRange(threads, 1, 1024);
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var command = new SerCommand(
            "reproduce",
            "Run one fold again and compare the numbers.",
            "ser reproduce iemocap --fold 1 --lambda 0.1",
            "Run one fold again (FineTune, BuildDatastore, Evaluate) from its recorded specification, corpus and weights, in a temporary "
            + "folder (set TMPDIR to choose it). The answer is whether the result is the same to the bit, the same to rounding, or "
            + "different, and what differs in the environment. The sweep is not changed. Exit code 0: the same; 1: different.")
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
            var compute = new ComputeOverrides(parsed.GetValue(threads), parsed.GetValue(device));
            if (compute.Device == "cuda" && !Machine.HasCuda)
            {
                throw new InputException("--device cuda, but libtorch finds no CUDA device here: leave it out, or see ser doctor");
            }

            using var source = await SweepSourceFromCommandLine.OpenAsync(parsed, parsed.GetValue(sweep)!, interrupt);
            var stored = StoredSweep.Read(source.Reads, source.Artifacts, source.Name);
            var arm = arms.SelectOne(parsed, stored.Snapshot.Name, RecordedFold.Arms(stored)).Arm;
            var recorded = RecordedFold.Read(source.Reads, source.Artifacts, stored, arm, parsed.GetValue(fold));
            var evaluation = EvaluationFile.Read(source.Artifacts.Open(recorded[EvaluateStage.StageName].Job.Result!));
            Output.WriteMessage($"{stored.Snapshot.Name}, {arm.Name}, fold {recorded.Fold}: reading its inputs, then running it again");

            void PutInputs(DataFolder scratch) => RecordedInputs.Copy(
                recorded, source.Artifacts, scratch.Artifacts, parsed.GetValue(corpus), parsed.GetValue(weights), scratch.Folder);

            var rerun = await FoldRerun.RunAsync(recorded, compute, PutInputs, Interrupts.From(parsed));
            var comparison = FoldComparison.Compare(evaluation, rerun.Evaluation, stored.Experiment.Retrieval);
            var reproduced = ReproductionReport.Compare(recorded, comparison, rerun);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(reproduced.ToJson());
            }
            else
            {
                Output.WriteText(reproduced.ToText());
            }

            return reproduced.Comparison.Sameness == Sameness.Different ? CommandLine.WorkFailed : CommandLine.Done;
        });
        return command;
    }
}
