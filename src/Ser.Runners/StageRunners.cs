using Ser.Domain.Jobs;
using Ser.Runners.BuildDatastore;
using Ser.Runners.Evaluate;
using Ser.Runners.FineTune;
using Ser.Runners.Project;
using Ser.Stages;

namespace Ser.Runners;

/// <summary>What runs each stage of <see cref="Pipeline"/>. It loads libtorch, so a scheduler has no reference to it.</summary>
public static class StageRunners
{
    /// <summary>A runner for every stage, by the stage's name.</summary>
    public static IReadOnlyDictionary<string, IStageRunner> All { get; } = new IStageRunner[]
    {
        new FineTuneRunner(),
        new BuildDatastoreRunner(),
        new EvaluateRunner(),
        new ProjectRunner(),
    }.ToDictionary(runner => runner.Stage);
}
