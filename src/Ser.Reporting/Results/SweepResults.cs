using Ser.Domain.Measures;

namespace Ser.Reporting.Results;

/// <summary>The answer of a sweep, as `ser results --format json` prints it.</summary>
public sealed record SweepResults(
    string Sweep, CorpusSummary Corpus, IReadOnlyList<string> Classes, string Digest, IReadOnlyList<ResultRow> Rows,
    IReadOnlyList<Comparison> Comparisons, IReadOnlyList<FloorCheck> Floor, IReadOnlyList<ChosenLambda> Chosen, IReadOnlyList<MissingFold> Missing, JobCounts Jobs)
{
    /// <summary>Rows by their names. Encoders of one name (files of two folders, say) share theirs: the first.</summary>
    internal IReadOnlyDictionary<string, ResultRow> RowsByName() => Rows.DistinctBy(row => row.Name).ToDictionary(row => row.Name);
}

/// <summary>An arm with an inference, a selection and a weighting.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Lambda">λ of eq. 2.</param>
/// <param name="Augmentation">Of the second view.</param>
/// <param name="Encoder">Preset or weights.</param>
/// <param name="Profile">Profile of the fine-tuning.</param>
/// <param name="Seed">Null for the mean over seeds.</param>
/// <param name="Seeds">Number of seeds behind the row.</param>
/// <param name="Inference">model, model+knn or knn.</param>
/// <param name="Selection">none, pooled-validation, fold-validation or test-oracle.</param>
/// <param name="Weighting">Null for the model alone.</param>
/// <param name="Temperature">T in units of each fold's median distance; null for uniform votes or where folds differ.</param>
/// <param name="K">Null for the model alone or where folds differ.</param>
/// <param name="Alpha">0 for the model alone, 1 for neighbours alone, null where folds differ.</param>
/// <param name="Wa">Weighted accuracy.</param>
/// <param name="Ua">Unweighted accuracy.</param>
/// <param name="Confusion">Counts, pooled over folds and summed over seeds: its total is that of the folds' N times <paramref name="Seeds"/>.</param>
/// <param name="Folds">Each finished fold.</param>
public sealed record ResultRow(
    string Arm, double Lambda, string Augmentation, string Encoder, string Profile, long? Seed, int Seeds, string Inference, string Selection,
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
/// <param name="N">Test utterances, whatever the number of seeds.</param>
/// <param name="Wa">Weighted accuracy.</param>
/// <param name="Ua">Unweighted accuracy.</param>
/// <param name="K">As chosen for this fold.</param>
/// <param name="Alpha">As chosen for this fold.</param>
/// <param name="Temperature">As chosen for this fold, in units of its median distance.</param>
/// <param name="Confusion">Answers to the test utterances, summed over seeds: its total is <paramref name="N"/> times the row's number of seeds.</param>
/// <param name="Absent">Classes without a test utterance, left out of <paramref name="Ua"/>.</param>
/// <param name="JobId">The evaluate job; null for the mean over seeds.</param>
public sealed record FoldRow(
    int Fold, IReadOnlyList<string> TestSpeakers, IReadOnlyList<string> ValidationSpeakers, int N, double Wa, double Ua, int? K, double? Alpha,
    double? Temperature, Confusion Confusion, IReadOnlyList<string> Absent, string? JobId);

/// <summary>Two rows over the folds that both have; differences are b - a. Rows of several seeds are compared by their means over seeds.</summary>
/// <param name="Question">A name of <see cref="Questions"/>.</param>
/// <param name="A">Name of the first row.</param>
/// <param name="B">Name of the second row.</param>
/// <param name="DeltaWa">Difference of pooled WA.</param>
/// <param name="DeltaUa">Difference of pooled UA.</param>
/// <param name="Mcnemar">
/// p over pooled utterances. Null where a row has several seeds: the test needs one answer for each utterance, tests of several seeds over the same utterances cannot be pooled, and the
/// answer that seeds give together is another system's (an ensemble), whose accuracy is not the mean that is compared.
/// </param>
/// <param name="Wilcoxon">p over the folds' UA.</param>
/// <param name="Low">95 % interval of <paramref name="DeltaUa"/>, from resampled speakers.</param>
/// <param name="High">Its other end.</param>
/// <param name="InsideNoise">Whether the interval holds 0, or either difference is below one standard error of a single run.</param>
public sealed record Comparison(
    string Question, string A, string B, double DeltaWa, double DeltaUa, double? Mcnemar, double Wilcoxon, double Low, double High, bool InsideNoise);

/// <summary>How a row compares with the same row of the classical baseline, a floor that an encoder should beat.</summary>
/// <param name="Row">Name of the row.</param>
/// <param name="Floor">Name of the baseline's.</param>
/// <param name="DeltaUa">Difference of pooled UA, the row's less the floor's.</param>
/// <param name="Beats">Whether it is above 0 and not inside the noise.</param>
public sealed record FloorCheck(string Row, string Floor, double DeltaUa, bool Beats);

/// <summary>λ that is best on validation among rows that differ by λ alone, over the folds that all of them have.</summary>
/// <param name="Row">Name of the row with this λ.</param>
/// <param name="Augmentation">Of the second view.</param>
/// <param name="Encoder">Preset or weights.</param>
/// <param name="Profile">Profile of the fine-tuning.</param>
/// <param name="Lambda">What was chosen: highest validation UA, then WA, then the smallest.</param>
/// <param name="Inference">model; or model+knn, with k and α of each arm chosen on the same queries before.</param>
/// <param name="Weighting">Null for the model.</param>
/// <param name="ValidationUa">UA over the folds' validation queries together; mean over seeds.</param>
/// <param name="ValidationWa">WA likewise.</param>
/// <param name="Ua">UA of the test, which had no say.</param>
/// <param name="Wa">WA of the test.</param>
public sealed record ChosenLambda(
    string Row, string Augmentation, string Encoder, string Profile, double Lambda, string Inference, string? Weighting, double ValidationUa, double ValidationWa, Score Ua, Score Wa);

/// <summary>A fold that is not there yet.</summary>
public sealed record MissingFold(string Arm, int Fold, string Reason);

/// <summary>What comparisons ask. Two rows of a question differ in the one thing that it is named after.</summary>
public static class Questions
{
    /// <summary>Model, and model with neighbours.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>λ = 0, and another; for the paper's λ also with and without neighbours, as in Table 3.</summary>
    public const string Lambda = "lambda";

    /// <summary>Two augmentations.</summary>
    public const string Augmentation = "augmentation";

    /// <summary>Two profiles.</summary>
    public const string Profile = "profile";

    /// <summary>Two encoders.</summary>
    public const string Encoder = "encoder";

    /// <summary>The classical baseline, and an arm.</summary>
    public const string Baseline = "baseline";
}

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
