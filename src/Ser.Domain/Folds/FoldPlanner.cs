using Ser.Domain.Corpora;

namespace Ser.Domain.Folds;

/// <summary>Plans speaker-independent cross-validation: every speaker, or group of speakers, is tested once.</summary>
public static class FoldPlanner
{
    private const int Splits = 3;

    /// <summary>
    /// Plans one fold for each speaker, or for each of <paramref name="folds"/> groups if there are more speakers. Fold i tests the
    /// i-th speaker, validates on the other speaker of the session (if every session has two) or else on the next speaker, cyclically,
    /// and trains on the rest. The plan is verified by <see cref="FoldValidation"/>.
    /// </summary>
    /// <param name="corpus">The corpus, with <see cref="Corpus.Speakers"/> in fold order.</param>
    /// <param name="folds">
    /// Maximum number of folds. If it equals the number of two-speaker sessions, one session is left out per fold.
    /// </param>
    /// <exception cref="InputException">There are fewer than three speakers, or fewer than three folds are requested.</exception>
    public static IReadOnlyList<Fold> Plan(Corpus corpus, int folds)
    {
        RejectTooFew(corpus, folds);
        bool pairs = HasSessionsOfTwo(corpus.Speakers);
        var groups = GroupSpeakers(corpus.Speakers, folds, pairs);
        bool partners = pairs && groups.Count == corpus.Speakers.Count;

        var plan = new List<Fold>(groups.Count);
        for (int i = 0; i < groups.Count; i++)
        {
            int other = partners ? FindPartner(groups, i) : (i + 1) % groups.Count;
            plan.Add(Build(corpus, i + 1, groups[i], groups[other]));
        }

        FoldValidation.Check(corpus, plan);
        return plan;
    }

    private static void RejectTooFew(Corpus corpus, int folds)
    {
        const string Reason = "since training, validation and test need different speakers";
        if (folds < Splits)
        {
            throw new InputException($"folds is {folds}: at least {Splits} are needed, {Reason}.");
        }

        if (corpus.Speakers.Count < Splits)
        {
            string speakers = corpus.Speakers.Count switch
            {
                0 => "no speakers",
                1 => $"only one speaker, {corpus.Speakers[0].Name}",
                _ => $"only two speakers, {corpus.Speakers[0].Name} and {corpus.Speakers[1].Name}",
            };
            throw new InputException($"The corpus {corpus.Path} has {speakers}: at least {Splits} are needed, {Reason}.");
        }
    }

    private static bool HasSessionsOfTwo(IReadOnlyList<Speaker> speakers) =>
        speakers.All(speaker => speaker.Session is not null)
        && speakers.GroupBy(speaker => speaker.Session).All(session => session.Count() == 2);

    private static List<IReadOnlyList<Speaker>> GroupSpeakers(IReadOnlyList<Speaker> speakers, int folds, bool pairs)
    {
        if (speakers.Count <= folds)
        {
            return OneEach(pairs ? speakers : speakers.OrderBy(speaker => speaker.Name, StringComparer.Ordinal));
        }

        return pairs && speakers.Count == 2 * folds ? BySession(speakers) : SpeakerGroups.Balanced(speakers, folds);
    }

    private static List<IReadOnlyList<Speaker>> OneEach(IEnumerable<Speaker> speakers) =>
        [.. speakers.Select(speaker => (IReadOnlyList<Speaker>)[speaker])];

    private static List<IReadOnlyList<Speaker>> BySession(IReadOnlyList<Speaker> speakers) =>
        [.. speakers.GroupBy(speaker => speaker.Session).Select(session => (IReadOnlyList<Speaker>)[.. session])];

    private static int FindPartner(List<IReadOnlyList<Speaker>> groups, int index) =>
        Enumerable.Range(0, groups.Count).First(other => other != index && groups[other][0].Session == groups[index][0].Session);

    private static Fold Build(Corpus corpus, int number, IReadOnlyList<Speaker> testSpeakers, IReadOnlyList<Speaker> validationSpeakers)
    {
        string[] tested = [.. testSpeakers.Select(speaker => speaker.Name)];
        string[] validated = [.. validationSpeakers.Select(speaker => speaker.Name)];
        var test = new List<int>();
        var validation = new List<int>();
        var train = new List<int>();
        for (int i = 0; i < corpus.Utterances.Count; i++)
        {
            string speaker = corpus.Utterances[i].Speaker;
            var split = tested.Contains(speaker) ? test : validated.Contains(speaker) ? validation : train;
            split.Add(i);
        }

        string[] trained = [.. corpus.Speakers.Select(speaker => speaker.Name).Except([.. tested, .. validated])];
        return new Fold(number, tested, validated, trained, test, validation, train);
    }
}
