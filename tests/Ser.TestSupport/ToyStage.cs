using Ser.Domain.Jobs;

namespace Ser.TestSupport;

/// <summary>A runner of one toy stage: runs the test's action, then writes a file that names the files of its parents.</summary>
public sealed class ToyStage(string stage, Action<StageContext, CancellationToken> before) : IStageRunner
{
    public string Stage => stage;

    public static IReadOnlyDictionary<string, IStageRunner> All(Action<string, StageContext, CancellationToken> before) =>
        Plans.Stages.ToDictionary(stage => stage, stage => Runner(stage, before));

    private static IStageRunner Runner(string stage, Action<string, StageContext, CancellationToken> before) =>
        new ToyStage(stage, (context, stop) => before(stage, context, stop));

    public void Run(StageContext context, CancellationToken stop)
    {
        before(context, stop);
        stop.ThrowIfCancellationRequested();
        var parentFiles = context.Parents.OrderBy(parent => parent.Key).Select(parent => Path.Combine(parent.Value, "result.txt"));
        string parents = string.Concat(parentFiles.Select(File.ReadAllText));
        context.Report(new StageProgress(1, 1, 1, 0.5, 10, new EpochPoint(1, 0.5, 0.5, 0, 0.6, 0.7, 0.8, 1e-4, 1)));
        File.WriteAllText(Path.Combine(context.Output, "result.txt"), $"{parents}{stage} of {context.Spec["fold"]}\n");
    }
}
