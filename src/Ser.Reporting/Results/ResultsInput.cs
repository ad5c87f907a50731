using Ser.Domain.Experiments;
using Ser.Domain.Results;

namespace Ser.Reporting.Results;

/// <summary>Everything that the tables of a sweep are computed from.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Corpus">Summary of the corpus.</param>
/// <param name="Classes">Class names, in the order of the confusion matrices.</param>
/// <param name="Arms">Every arm, in the order of the grid.</param>
/// <param name="Retrieval">The candidates for k, α and weighting.</param>
/// <param name="Jobs">Number of jobs by outcome.</param>
public sealed record ResultsInput(
    string Sweep,
    CorpusSummary Corpus,
    IReadOnlyList<string> Classes,
    IReadOnlyList<ArmInput> Arms,
    RetrievalSettings Retrieval,
    JobCounts Jobs);

/// <summary>The corpus behind a table.</summary>
public sealed record CorpusSummary(string Kind, string Digest, int Utterances, int Speakers);

/// <summary>Number of jobs of a sweep: planned, reused from earlier sweeps, run and failed.</summary>
public sealed record JobCounts(int Planned, int Reused, int Run, int Failed);

/// <summary>One arm with its folds, finished or not.</summary>
public sealed record ArmInput(Arm Arm, string Encoder, string Profile, IReadOnlyList<FoldInput> Folds);

/// <summary>One fold of one arm.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="JobId">The evaluate job.</param>
/// <param name="Evaluation">The accepted evaluation, or null.</param>
/// <param name="Reason">Why there is no evaluation.</param>
public sealed record FoldInput(int Fold, string JobId, FoldEvaluation? Evaluation, string? Reason = null);
