using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>Everything that a report shows.</summary>
/// <param name="Sweep">The input of the tables.</param>
/// <param name="Results">The results computed from it.</param>
/// <param name="Curves">Learning curves of the fine-tuned models that have one.</param>
/// <param name="Embeddings">Projections of embeddings.</param>
/// <param name="Run">Facts for the methods paragraphs.</param>
public sealed record ReportInput(
    ResultsInput Sweep, SweepResults Results, IReadOnlyList<FoldCurve> Curves, IReadOnlyList<FoldEmbeddings> Embeddings, RunFacts Run);

/// <summary>The learning curve of one fold of an arm.</summary>
public sealed record FoldCurve(Arm Arm, int Fold, IReadOnlyList<EpochPoint> Points);

/// <summary>The projection of one fold's embeddings, with the job that computed it.</summary>
public sealed record FoldEmbeddings(Arm Arm, string JobId, FoldProjection Projection);

/// <summary>Facts about the run that the methods paragraphs state.</summary>
/// <param name="Experiment">The experiment as submitted, with every default.</param>
/// <param name="Weights">SHA-256 of each published checkpoint.</param>
/// <param name="Threads">Threads of a job.</param>
/// <param name="Environments">Distinct environments of the accepted results: version, torch, instruction set, operating system.</param>
/// <param name="Workers">Worker slots that ran accepted attempts.</param>
/// <param name="Hours">Sum of the durations of accepted attempts, in hours.</param>
public sealed record RunFacts(
    Experiment Experiment,
    IReadOnlyList<string> Weights,
    int Threads,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Environments,
    IReadOnlyList<string> Workers,
    double Hours);
