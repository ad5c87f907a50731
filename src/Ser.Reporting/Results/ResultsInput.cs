using Ser.Domain.Experiments;
using Ser.Domain.Results;

namespace Ser.Reporting.Results;

/// <summary>Everything that the tables of a sweep are a function of.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Corpus">What was read.</param>
/// <param name="Classes">Class names, in the order of the confusion matrices.</param>
/// <param name="Arms">Every arm, in the order of the grid.</param>
/// <param name="Retrieval">What is tried for k, α and weighting.</param>
/// <param name="Jobs">How the jobs went.</param>
public sealed record ResultsInput(
    string Sweep, CorpusSummary Corpus, IReadOnlyList<string> Classes, IReadOnlyList<ArmInput> Arms, RetrievalSettings Retrieval, JobCounts Jobs);

/// <summary>The corpus behind a table.</summary>
public sealed record CorpusSummary(string Kind, string Digest, int Utterances, int Speakers);

/// <summary>How many jobs a sweep has, and what became of them.</summary>
public sealed record JobCounts(int Planned, int Reused, int Run, int Failed);

/// <summary>One arm with what is there of its folds.</summary>
public sealed record ArmInput(Arm Arm, string Encoder, string Profile, IReadOnlyList<FoldInput> Folds);

/// <summary>One fold of one arm.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="JobId">The evaluate job.</param>
/// <param name="Evaluation">The accepted evaluation, or null.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record FoldInput(int Fold, string JobId, FoldEvaluation? Evaluation, string? Reason = null);
