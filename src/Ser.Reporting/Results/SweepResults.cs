using Ser.Domain.Measures;

namespace Ser.Reporting.Results;

/// <summary>The answer of a sweep, as `ser results --format json` prints it.</summary>
public sealed record SweepResults(
    string Sweep, CorpusSummary Corpus, IReadOnlyList<string> Classes, string Digest, IReadOnlyList<ResultRow> Rows,
    IReadOnlyList<Comparison> Comparisons, IReadOnlyList<MissingFold> Missing, JobCounts Jobs);

/// <summary>An arm with an inference, a selection and a weighting.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Lambda">λ of eq. 2.</param>
/// <param name="Augmentation">Of the second view.</param>
/// <param name="Encoder">Preset or weights.</param>
/// <param name="Profile">Profile of the fine-tuning.</param>
/// <param name="Seed">Null for the mean over seeds.</param>
/// <param name="Inference">model, model+knn or knn.</param>
/// <param name="Selection">none, pooled-validation, fold-validation or test-oracle.</param>
/// <param name="Weighting">Null for the model alone.</param>
/// <param name="Temperature">T in units of each fold's median distance; null for uniform votes or where folds differ.</param>
/// <param name="K">Null for the model alone or where folds differ.</param>
/// <param name="Alpha">0 for the model alone, 1 for neighbours alone, null where folds differ.</param>
/// <param name="Wa">Weighted accuracy.</param>
/// <param name="Ua">Unweighted accuracy.</param>
/// <param name="Confusion">Pooled over folds (and seeds).</param>
/// <param name="Folds">Each finished fold.</param>
public sealed record ResultRow(
    string Arm, double Lambda, string Augmentation, string Encoder, string Profile, long? Seed, string Inference, string Selection,
    string? Weighting, double? Temperature, int? K, double? Alpha, Score Wa, Score Ua, Confusion Confusion, IReadOnlyList<FoldRow> Folds)
{
    /// <summary>Names the row in comparisons.</summary>
    public string Name => Selection == RowKinds.None ? $"{Arm}, {Inference}" : $"{Arm}, {Inference}, {Selection}, {Weighting}";
}

/// <summary>Shares between 0 and 1: mean ± sd (n-1; null for one fold) over folds, pooled over utterances with its 95 % interval.</summary>
public sealed record Score(double Mean, double? Sd, double Pooled, double Low, double High);

/// <summary>One fold of a row.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="TestSpeakers">Speakers of the answer.</param>
/// <param name="ValidationSpeakers">Speakers of the choice.</param>
/// <param name="N">Test utterances.</param>
/// <param name="Wa">Weighted accuracy.</param>
/// <param name="Ua">Unweighted accuracy.</param>
/// <param name="K">As chosen for this fold.</param>
/// <param name="Alpha">As chosen for this fold.</param>
/// <param name="Temperature">As chosen for this fold, in units of its median distance.</param>
/// <param name="Confusion">Of the test utterances.</param>
/// <param name="Absent">Classes without a test utterance, left out of <paramref name="Ua"/>.</param>
/// <param name="JobId">The evaluate job; null for the mean over seeds.</param>
public sealed record FoldRow(
    int Fold, IReadOnlyList<string> TestSpeakers, IReadOnlyList<string> ValidationSpeakers, int N, double Wa, double Ua, int? K, double? Alpha,
    double? Temperature, Confusion Confusion, IReadOnlyList<string> Absent, string? JobId);

/// <summary>Two rows over the folds that both have; differences are b - a.</summary>
/// <param name="A">Name of the first row.</param>
/// <param name="B">Name of the second row.</param>
/// <param name="DeltaWa">Difference of pooled WA.</param>
/// <param name="DeltaUa">Difference of pooled UA.</param>
/// <param name="Mcnemar">p over pooled utterances.</param>
/// <param name="Wilcoxon">p over the folds' UA.</param>
/// <param name="Low">95 % interval of <paramref name="DeltaUa"/>, from resampled speakers.</param>
/// <param name="High">Its other end.</param>
/// <param name="InsideNoise">Whether the interval holds 0, or either difference is below one standard error of a single run.</param>
public sealed record Comparison(
    string A, string B, double DeltaWa, double DeltaUa, double Mcnemar, double Wilcoxon, double Low, double High, bool InsideNoise);

/// <summary>A fold that is not there yet.</summary>
public sealed record MissingFold(string Arm, int Fold, string Reason);

/// <summary>Names of inferences and selections.</summary>
public static class RowKinds
{
    /// <summary>α = 0.</summary>
    public const string Model = "model";

    /// <summary>Eq. 4.</summary>
    public const string Both = "model+knn";

    /// <summary>α = 1.</summary>
    public const string Neighbours = "knn";

    /// <summary>Nothing is chosen.</summary>
    public const string None = "none";

    /// <summary>One k and α for all folds, chosen on the union of their validation queries: the headline.</summary>
    public const string PooledValidation = "pooled-validation";

    /// <summary>A k and α for each fold, chosen on its validation queries.</summary>
    public const string FoldValidation = "fold-validation";

    /// <summary>Chosen on the pooled test queries: an upper bound, no result.</summary>
    public const string TestOracle = "test-oracle";
}
