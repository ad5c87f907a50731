using System.Globalization;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Fold;

/// <summary>An answer to one utterance: the most probable class and its probability.</summary>
public sealed record Answer(int Class, double Share)
{
    internal static Answer Of(double[] probabilities)
    {
        int best = Interpolation.Winner(probabilities);
        return new Answer(best, probabilities[best]);
    }
}

/// <summary>An utterance of a fold with the three answers to it.</summary>
/// <param name="Query">Its place among the fold's queries.</param>
/// <param name="Index">Its place in the corpus.</param>
/// <param name="Name">As the corpus names it.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Truth">True class.</param>
/// <param name="Model">By the model alone.</param>
/// <param name="Neighbours">By the votes of its neighbours alone (eq. 3).</param>
/// <param name="Both">By eq. 4.</param>
public sealed record AnsweredUtterance(int Query, int Index, string Name, string Speaker, int Truth, Answer Model, Answer Neighbours, Answer Both)
{
    /// <summary>The answer by a name of <see cref="FoldView.By"/>.</summary>
    internal Answer Of(string by) => by switch
    {
        RowKinds.Model => Model,
        RowKinds.Neighbours => Neighbours,
        _ => Both,
    };
}

/// <summary>A stored neighbour of an utterance.</summary>
internal sealed record Neighbour(int Rank, int Index, string Name, string Speaker, int Class, double Distance, bool Votes);

/// <summary>What is asked of the table of utterances.</summary>
/// <param name="Words">Words that name or speaker must have.</param>
/// <param name="By">Whose answer counts.</param>
/// <param name="Truth">Only of this true class.</param>
/// <param name="Answered">Only answered with this class.</param>
/// <param name="Wrong">Only those answered wrongly.</param>
internal sealed record UtteranceFilter(string? Words, string By, int? Truth, int? Answered, bool Wrong);

/// <summary>What the page of a fold shows, by plain functions.</summary>
internal static class FoldView
{
    /// <summary>Whose answers there are.</summary>
    public static IReadOnlyList<string> By { get; } = [RowKinds.Both, RowKinds.Model, RowKinds.Neighbours];

    /// <summary>How k and α may have been chosen.</summary>
    public static IReadOnlyList<string> Selections { get; } = [RowKinds.PooledValidation, RowKinds.FoldValidation, RowKinds.TestOracle];

    /// <summary>k, α and weighting of an arm's fold as the tables have them; null where they have no such row.</summary>
    public static Chosen? Chosen(SweepResults results, string arm, int fold, string selection)
    {
        var row = results.Rows.FirstOrDefault(row => row.Arm == arm && row.Inference == RowKinds.Both && row.Selection == selection);
        return row?.Folds.FirstOrDefault(one => one.Fold == fold) is { K: { } k, Alpha: { } alpha } found
            ? new Chosen(row.Weighting!, k, alpha, found.Temperature, alpha, alpha, found.Wa, found.Ua)
            : null;
    }

    /// <summary>Every utterance of one side with its answers, in corpus order.</summary>
    public static IReadOnlyList<AnsweredUtterance> Answers(Asked asked, Chosen chosen, Corpus corpus)
    {
        var queries = asked.Queries;
        double[][] both = chosen.Probabilities(asked), votes = (chosen with { Alpha = 1 }).Probabilities(asked);
        return [.. Enumerable.Range(0, queries.Count).Select(query => new AnsweredUtterance(
            query, queries.Utterance[query], corpus.Utterances[queries.Utterance[query]].Name, queries.Speaker[query], queries.Truth[query],
            Answer.Of(queries.Probabilities[query]), Answer.Of(votes[query]), Answer.Of(both[query])))];
    }

    /// <summary>The nearest stored rows of a query, the nearest first.</summary>
    public static IReadOnlyList<Neighbour> Neighbours(QuerySet queries, int query, int k, Corpus corpus) => [.. queries.NeighbourUtterance[query].Select((index, rank) => new Neighbour(
        rank + 1, index, corpus.Utterances[index].Name, corpus.Utterances[index].Speaker, queries.NeighbourClass[query][rank], queries.NeighbourDistance[query][rank], rank < k))];

    /// <summary>Those that pass.</summary>
    public static IReadOnlyList<AnsweredUtterance> Filter(IReadOnlyList<AnsweredUtterance> all, UtteranceFilter filter)
    {
        string[] words = (filter.Words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. all.Where(one => words.All(word => one.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || one.Speaker.Contains(word, StringComparison.OrdinalIgnoreCase))
            && (filter.Truth is not { } truth || one.Truth == truth)
            && (filter.Answered is not { } answered || one.Of(filter.By).Class == answered)
            && (!filter.Wrong || one.Of(filter.By).Class != one.Truth))];
    }

    /// <summary>Confusion matrix of one kind of answer; null where there is nothing to count.</summary>
    public static Confusion? Confusion(IReadOnlyList<AnsweredUtterance> all, string by, int classes) =>
        all.Count == 0 ? null : Domain.Measures.Confusion.Of([.. all.Select(one => one.Truth)], [.. all.Select(one => one.Of(by).Class)], classes);

    /// <summary>Epochs at which the learning rate falls to half or less of what it was an epoch before: steps, not slopes.</summary>
    public static IReadOnlyList<int> Drops(IReadOnlyList<EpochPoint> points) =>
        [.. points.Zip(points.Skip(1)).Where(pair => pair.Second.LearningRate <= pair.First.LearningRate / 2).Select(pair => pair.Second.Epoch)];

    /// <summary>A moment on the store's clock, UTC.</summary>
    public static string Time(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)(1000 * seconds)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>How long an attempt took, or has taken until <paramref name="now"/>.</summary>
    public static string Length(AttemptRecord attempt, DateTimeOffset now) =>
        ProgressText.Short(TimeSpan.FromSeconds(Math.Max(0, (attempt.Ended ?? (now.ToUnixTimeMilliseconds() / 1000.0)) - attempt.Started)));

    /// <summary>A size for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };
}
