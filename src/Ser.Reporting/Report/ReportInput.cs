using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>Everything that a report shows.</summary>
/// <param name="Sweep">What the tables are a function of.</param>
/// <param name="Results">The tables' numbers.</param>
/// <param name="Curves">Learning curves of the fine-tunes that have any.</param>
/// <param name="Maps">Projections of embeddings.</param>
/// <param name="Run">What was really run.</param>
public sealed record ReportInput(ResultsInput Sweep, SweepResults Results, IReadOnlyList<FoldCurve> Curves, IReadOnlyList<FoldMap> Maps, RunFacts Run);

/// <summary>A learning curve.</summary>
public sealed record FoldCurve(Arm Arm, int Fold, IReadOnlyList<EpochPoint> Points);

/// <summary>The projection of a fold's embeddings.</summary>
public sealed record FoldMap(Arm Arm, string JobId, FoldProjection Projection);

/// <summary>What the methods paragraph states.</summary>
/// <param name="Experiment">As submitted, resolved.</param>
/// <param name="Weights">SHA-256 of each published checkpoint.</param>
/// <param name="Threads">Of a job.</param>
/// <param name="Environments">Distinct surroundings of the accepted results: version, torch, instructions, system.</param>
/// <param name="Workers">Who ran accepted attempts.</param>
/// <param name="Hours">Sum of the accepted attempts' durations.</param>
public sealed record RunFacts(
    Experiment Experiment, IReadOnlyList<string> Weights, int Threads, IReadOnlyList<IReadOnlyDictionary<string, string>> Environments, IReadOnlyList<string> Workers, double Hours);
