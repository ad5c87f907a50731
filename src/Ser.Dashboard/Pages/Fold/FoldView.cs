using System.Globalization;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Fold;

/// <summary>A prediction for one utterance: the most probable class and its probability.</summary>
public sealed record Answer(int Class, double Probability)
{
    internal static Answer FromProbabilities(double[] probabilities)
    {
        int best = Interpolation.MostProbableClass(probabilities);
        return new Answer(best, probabilities[best]);
    }
}

/// <summary>An utterance of a fold with three predictions.</summary>
/// <param name="Query">Position among the fold's queries.</param>
/// <param name="Index">Position in the corpus.</param>
/// <param name="Name">Name in the corpus.</param>
/// <param name="Speaker">The speaker.</param>
/// <param name="Truth">The true class.</param>
/// <param name="Model">Prediction of the model alone.</param>
/// <param name="Neighbours">Prediction of the neighbours' votes alone (eq. 3).</param>
/// <param name="Both">Prediction of the interpolation of both (eq. 4).</param>
public sealed record AnsweredUtterance(
    int Query,
    int Index,
    string Name,
    string Speaker,
    int Truth,
    Answer Model,
    Answer Neighbours,
    Answer Both)
{
    /// <summary>The prediction of one kind; <paramref name="inference"/> is one of <see cref="FoldView.Inferences"/>.</summary>
    internal Answer GetAnswer(string inference) => inference switch
    {
        RowKinds.Model => Model,
        RowKinds.Neighbours => Neighbours,
        _ => Both,
    };
}

/// <summary>A stored neighbour of an utterance. The nearest has rank 1; the first k vote.</summary>
internal sealed record Neighbour(int Rank, int Index, string Name, string Speaker, int Class, double Distance, bool Votes);

/// <summary>Filter of the table of utterances.</summary>
/// <param name="Words">Words that the name or the speaker must contain.</param>
/// <param name="Inference">The kind of prediction that the other criteria refer to.</param>
/// <param name="Truth">Keeps only this true class; null for all.</param>
/// <param name="Answered">Keeps only this predicted class; null for all.</param>
/// <param name="Wrong">Whether to keep only wrong predictions.</param>
internal sealed record UtteranceFilter(string? Words, string Inference, int? Truth, int? Answered, bool Wrong);

/// <summary>Computes what the page of a fold shows.</summary>
internal static class FoldView
{
    /// <summary>The kinds of predictions.</summary>
    public static IReadOnlyList<string> Inferences { get; } = [RowKinds.ModelWithNeighbours, RowKinds.Model, RowKinds.Neighbours];

    /// <summary>The rules by which k and α may be selected.</summary>
    public static IReadOnlyList<string> Selections { get; } = [RowKinds.PooledValidation, RowKinds.FoldValidation, RowKinds.TestOracle];

    /// <summary>Describes the data by which k and α were selected, with a warning for the test oracle.</summary>
    public static string DescribeSelection(string selection) =>
        selection == RowKinds.TestOracle ? "test data: upper bound; do not report" : selection;

    /// <summary>k, α and weighting of an arm's fold according to the tables; null if they have no such row.</summary>
    public static RetrievalChoice? Chosen(SweepResults results, string arm, int fold, string selection)
    {
        bool IsChosen(ResultRow row) => (row.Arm, row.Inference, row.Selection) == (arm, RowKinds.ModelWithNeighbours, selection);
        var row = results.Rows.FirstOrDefault(IsChosen);
        return row?.Folds.FirstOrDefault(one => one.Fold == fold) is { K: { } k, Alpha: { } alpha } found
            ? new RetrievalChoice(row.Weighting!, k, alpha, found.Temperature, alpha, alpha, found.Wa, found.Ua)
            : null;
    }

    /// <summary>All queries with their predictions, in corpus order.</summary>
    public static IReadOnlyList<AnsweredUtterance> Answers(FoldQueries foldQueries, RetrievalChoice chosen, Corpus corpus)
    {
        var queries = foldQueries.Queries;
        double[][] both = chosen.Probabilities(foldQueries), votes = (chosen with { Alpha = 1 }).Probabilities(foldQueries);
        return [.. Enumerable.Range(0, queries.Count).Select(query => new AnsweredUtterance(
            query,
            queries.Utterance[query],
            corpus.Utterances[queries.Utterance[query]].Name,
            queries.Speaker[query],
            queries.Truth[query],
            Answer.FromProbabilities(queries.Probabilities[query]),
            Answer.FromProbabilities(votes[query]),
            Answer.FromProbabilities(both[query])))];
    }

    /// <summary>The stored neighbours of a query, nearest first.</summary>
    public static IReadOnlyList<Neighbour> Neighbours(QuerySet queries, int query, int k, Corpus corpus) =>
        [.. queries.NeighbourUtterance[query].Select((index, i) => new Neighbour(
            i + 1,
            index,
            corpus.Utterances[index].Name,
            corpus.Utterances[index].Speaker,
            queries.NeighbourClass[query][i],
            queries.NeighbourDistance[query][i],
            i < k))];

    /// <summary>The utterances that match a filter.</summary>
    public static IReadOnlyList<AnsweredUtterance> Filter(IReadOnlyList<AnsweredUtterance> all, UtteranceFilter filter)
    {
        string[] words = (filter.Words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. all.Where(one => words.All(word => HasWord(one, word))
            && (filter.Truth is not { } truth || one.Truth == truth)
            && (filter.Answered is not { } answered || one.GetAnswer(filter.Inference).Class == answered)
            && (!filter.Wrong || one.GetAnswer(filter.Inference).Class != one.Truth))];
    }

    /// <summary>Confusion matrix of one kind of prediction; null if there are no utterances.</summary>
    public static Confusion? Confusion(IReadOnlyList<AnsweredUtterance> all, string inference, int classes)
    {
        int[] truth = [.. all.Select(one => one.Truth)], predicted = [.. all.Select(one => one.GetAnswer(inference).Class)];
        return all.Count == 0 ? null : Domain.Measures.Confusion.FromPredictions(truth, predicted, classes);
    }

    /// <summary>
    /// Epochs at which the learning rate is at most half of that of the epoch before, that is, the steps of a schedule but not its
    /// gradual decay.
    /// </summary>
    public static IReadOnlyList<int> LearningRateDrops(IReadOnlyList<EpochPoint> points)
    {
        var pairs = points.Zip(points.Skip(1));
        return [.. pairs.Where(pair => pair.Second.LearningRate <= pair.First.LearningRate / 2).Select(pair => pair.Second.Epoch)];
    }

    /// <summary>A Unix time in seconds as date and time in UTC.</summary>
    public static string Time(double seconds)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds((long)(1000 * seconds));
        return time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>Duration of an attempt, up to <paramref name="now"/> if it is still running.</summary>
    public static string Duration(AttemptRecord attempt, DateTimeOffset now)
    {
        double end = attempt.Ended ?? (now.ToUnixTimeMilliseconds() / 1000.0);
        return ProgressText.FormatDuration(TimeSpan.FromSeconds(Math.Max(0, end - attempt.Started)));
    }

    /// <summary>A size in bytes with a binary unit.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };

    private static bool HasWord(AnsweredUtterance one, string word) =>
        one.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || one.Speaker.Contains(word, StringComparison.OrdinalIgnoreCase);
}
