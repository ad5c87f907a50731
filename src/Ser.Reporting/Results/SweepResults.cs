using Ser.Domain.Measures;

namespace Ser.Reporting.Results;

/// <summary>The results of a sweep. `ser results --format json` prints this record, so member names are part of the API.</summary>
public sealed record SweepResults(
    string Sweep,
    CorpusSummary Corpus,
    IReadOnlyList<string> Classes,
    string Digest,
    IReadOnlyList<ResultRow> Rows,
    IReadOnlyList<Comparison> Comparisons,
    IReadOnlyList<FloorCheck> Floor,
    IReadOnlyList<ChosenLambda> Chosen,
    IReadOnlyList<MissingFold> Missing,
    JobCounts Jobs)
{
    /// <summary>Rows by name. Where two encoders have the same name (files of two folders, for example), the first row is used.</summary>
    internal IReadOnlyDictionary<string, ResultRow> RowsByName() => Rows.DistinctBy(row => row.Name).ToDictionary(row => row.Name);
}

/// <summary>The scores of an arm with one inference, selection and weighting.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Lambda">λ of eq. 2.</param>
/// <param name="Augmentation">Augmentation of the second view.</param>
/// <param name="Encoder">Name of the preset or of the weights.</param>
/// <param name="Profile">Profile of the fine-tuning.</param>
/// <param name="Seed">Null for the mean over seeds.</param>
/// <param name="Seeds">Number of seeds behind the row.</param>
/// <param name="Inference">model, model+knn or knn.</param>
/// <param name="Selection">none, pooled-validation, fold-validation or test-oracle.</param>
/// <param name="Weighting">Null for the model alone.</param>
/// <param name="Temperature">Temperature in units of each fold's median distance; null for uniform votes or where folds differ.</param>
/// <param name="K">Null for the model alone or where folds differ.</param>
/// <param name="Alpha">0 for the model alone, 1 for neighbours alone, null where folds differ.</param>
/// <param name="Wa">Weighted accuracy.</param>
/// <param name="Ua">Unweighted accuracy.</param>
/// <param name="Confusion">
/// Counts, pooled over folds and summed over seeds: the total is the sum of the folds' N, times <paramref name="Seeds"/>.
/// </param>
/// <param name="Folds">The finished folds.</param>
public sealed record ResultRow(
    string Arm,
    double Lambda,
    string Augmentation,
    string Encoder,
    string Profile,
    long? Seed,
    int Seeds,
    string Inference,
    string Selection,
    string? Weighting,
    double? Temperature,
    int? K,
    double? Alpha,
    Score Wa,
    Score Ua,
    Confusion Confusion,
    IReadOnlyList<FoldRow> Folds)
{
    /// <summary>The name by which comparisons refer to the row.</summary>
    public string Name => Selection == RowKinds.None ? $"{Arm}, {Inference}" : $"{Arm}, {Inference}, {Selection}, {Weighting}";
}

/// <summary>
/// An accuracy, as shares between 0 and 1: mean and standard deviation (n-1; null for one fold) over folds, and the value pooled over
/// utterances with its 95 % interval.
/// </summary>
public sealed record Score(double Mean, double? Sd, double Pooled, double Low, double High);

/// <summary>The scores of one fold of a row.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="TestSpeakers">Speakers of the test queries.</param>
/// <param name="ValidationSpeakers">Speakers of the validation queries, on which k and α are chosen.</param>
/// <param name="N">Number of test utterances, regardless of the number of seeds.</param>
/// <param name="Wa">Weighted accuracy.</param>
/// <param name="Ua">Unweighted accuracy.</param>
/// <param name="K">k chosen for this fold.</param>
/// <param name="Alpha">α chosen for this fold.</param>
/// <param name="Temperature">Temperature chosen for this fold, in units of its median distance.</param>
/// <param name="Confusion">
/// Counts of the predictions for the test utterances, summed over seeds: the total is <paramref name="N"/> times the row's number of seeds.
/// </param>
/// <param name="Absent">Classes without a test utterance, left out of <paramref name="Ua"/>.</param>
/// <param name="JobId">The evaluate job; null for the mean over seeds.</param>
public sealed record FoldRow(
    int Fold,
    IReadOnlyList<string> TestSpeakers,
    IReadOnlyList<string> ValidationSpeakers,
    int N,
    double Wa,
    double Ua,
    int? K,
    double? Alpha,
    double? Temperature,
    Confusion Confusion,
    IReadOnlyList<string> Absent,
    string? JobId);

/// <summary>
/// Compares two rows over the folds that both have; differences are B − A. Rows of several seeds are compared by their means over seeds.
/// </summary>
/// <param name="Question">A name of <see cref="ComparisonQuestions"/>.</param>
/// <param name="A">Name of the first row.</param>
/// <param name="B">Name of the second row.</param>
/// <param name="DeltaWa">Difference of pooled WA.</param>
/// <param name="DeltaUa">Difference of pooled UA.</param>
/// <param name="Mcnemar">
/// p of McNemar's test over pooled utterances. Null where a row has several seeds: the test needs one prediction for each utterance, tests
/// of several seeds over the same utterances cannot be pooled, and a vote of the seeds would be an ensemble, whose accuracy is not the mean
/// that is compared.
/// </param>
/// <param name="Wilcoxon">p of Wilcoxon's signed-rank test over the folds' UA.</param>
/// <param name="Low">Lower end of the 95 % interval of <paramref name="DeltaUa"/>, from resampled speakers.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="InsideNoise">
/// Whether the difference is not significant: the interval holds 0, or either difference is below one standard error of a single run.
/// </param>
public sealed record Comparison(
    string Question,
    string A,
    string B,
    double DeltaWa,
    double DeltaUa,
    double? Mcnemar,
    double Wilcoxon,
    double Low,
    double High,
    bool InsideNoise);

/// <summary>How a row compares with the same row of the classical baseline, a floor that an encoder should beat.</summary>
/// <param name="Row">Name of the row.</param>
/// <param name="Floor">Name of the baseline's row.</param>
/// <param name="DeltaUa">Difference of pooled UA, the row's minus the baseline's.</param>
/// <param name="Beats">Whether the difference is above 0 and significant.</param>
public sealed record FloorCheck(string Row, string Floor, double DeltaUa, bool Beats);

/// <summary>The λ that is best on validation among rows that differ by λ alone, over the folds that all of them have.</summary>
/// <param name="Row">Name of the row with this λ.</param>
/// <param name="Augmentation">Augmentation of the second view.</param>
/// <param name="Encoder">Name of the preset or of the weights.</param>
/// <param name="Profile">Profile of the fine-tuning.</param>
/// <param name="Lambda">The chosen λ: highest validation UA, then WA, then the smallest λ.</param>
/// <param name="Inference">model; or model+knn with the k and α that were chosen for each arm on the same queries.</param>
/// <param name="Weighting">Null for the model.</param>
/// <param name="ValidationUa">UA pooled over the folds' validation queries; mean over seeds.</param>
/// <param name="ValidationWa">WA of the same queries.</param>
/// <param name="Ua">UA of the test queries, which are not used for the choice.</param>
/// <param name="Wa">WA of the test queries.</param>
public sealed record ChosenLambda(
    string Row,
    string Augmentation,
    string Encoder,
    string Profile,
    double Lambda,
    string Inference,
    string? Weighting,
    double ValidationUa,
    double ValidationWa,
    Score Ua,
    Score Wa);

/// <summary>A fold without a result, with the reason.</summary>
public sealed record MissingFold(string Arm, int Fold, string Reason);

/// <summary>The questions that comparisons answer. The two rows of a comparison differ in the setting that names the question.</summary>
public static class ComparisonQuestions
{
    /// <summary>The model without and with neighbours.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>λ = 0 and another λ; for the paper's λ also with and without neighbours, as in Table 3.</summary>
    public const string Lambda = "lambda";

    /// <summary>Two augmentations.</summary>
    public const string Augmentation = "augmentation";

    /// <summary>Two profiles.</summary>
    public const string Profile = "profile";

    /// <summary>Two encoders.</summary>
    public const string Encoder = "encoder";

    /// <summary>The classical baseline and an arm with an encoder.</summary>
    public const string Baseline = "baseline";
}

/// <summary>Names of inferences and selections.</summary>
public static class RowKinds
{
    /// <summary>The model's probabilities alone (α = 0).</summary>
    public const string Model = "model";

    /// <summary>Model and neighbours, interpolated (eq. 4).</summary>
    public const string ModelWithNeighbours = "model+knn";

    /// <summary>The neighbours' votes alone (α = 1).</summary>
    public const string Neighbours = "knn";

    /// <summary>Nothing is chosen.</summary>
    public const string None = "none";

    /// <summary>One k and α for all folds, chosen on the union of their validation queries: the headline.</summary>
    public const string PooledValidation = "pooled-validation";

    /// <summary>A k and α for each fold, chosen on its validation queries.</summary>
    public const string FoldValidation = "fold-validation";

    /// <summary>Chosen on the pooled test queries: an upper bound, which must not be reported as a result.</summary>
    public const string TestOracle = "test-oracle";
}
