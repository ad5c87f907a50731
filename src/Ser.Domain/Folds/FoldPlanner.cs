using Ser.Domain.Corpora;

namespace Ser.Domain.Folds;

/// <summary>Speaker-independent cross-validation: every speaker (or group of speakers) is tested once.</summary>
public static class FoldPlanner
{
    private const int Sides = 3;

    /// <summary>
    /// One fold for each speaker, or for each of <paramref name="folds"/> groups where there are more speakers. Fold i tests the i-th, validates on the other speaker
    /// of the session (where every session has two) or else on the next one, wrapping, and trains on the rest. Proven by <see cref="FoldProof"/>.
    /// </summary>
    /// <param name="corpus">Its <see cref="Corpus.Speakers"/> in fold order.</param>
    /// <param name="folds">Most folds that are made. As many as there are sessions of two: leave one session out.</param>
    /// <exception cref="InputException">There are fewer than three speakers, or fewer than three folds are asked for.</exception>
    public static IReadOnlyList<Fold> Plan(Corpus corpus, int folds)
    {
        Refuse(corpus, folds);
        bool pairs = SessionsOfTwo(corpus.Speakers);
        var places = corpus.Speakers.Count <= folds ? OneEach(corpus.Speakers, pairs)
            : pairs && corpus.Speakers.Count == 2 * folds ? Sessions(corpus.Speakers)
            : SpeakerGroups.Balanced(corpus.Speakers, folds);
        bool partners = pairs && places.Count == corpus.Speakers.Count;

        var plan = new List<Fold>(places.Count);
        for (int i = 0; i < places.Count; i++)
        {
            int other = partners ? Partner(places, i) : (i + 1) % places.Count;
            plan.Add(Build(corpus, i + 1, places[i], places[other]));
        }

        FoldProof.Check(corpus, plan);
        return plan;
    }

    private static void Refuse(Corpus corpus, int folds)
    {
        if (folds < Sides)
        {
            throw new InputException($"folds is {folds}: at least {Sides} are needed, since training, validation and test take different speakers.");
        }

        if (corpus.Speakers.Count < Sides)
        {
            string has = corpus.Speakers.Count == 1 ? $"only one speaker, {corpus.Speakers[0].Name}"
                : corpus.Speakers.Count == 0 ? "no speakers"
                : $"only two speakers, {corpus.Speakers[0].Name} and {corpus.Speakers[1].Name}";
            throw new InputException(
                $"The corpus {corpus.Path} has {has}: at least {Sides} are needed, since training, validation and test take different speakers.");
        }
    }

    private static bool SessionsOfTwo(IReadOnlyList<Speaker> speakers) =>
        speakers.All(speaker => speaker.Session is not null) && speakers.GroupBy(speaker => speaker.Session).All(session => session.Count() == 2);

    private static List<IReadOnlyList<Speaker>> OneEach(IReadOnlyList<Speaker> speakers, bool pairs) =>
        [.. (pairs ? [.. speakers] : speakers.OrderBy(speaker => speaker.Name, StringComparer.Ordinal).ToArray()).Select(speaker => (IReadOnlyList<Speaker>)[speaker])];

    private static List<IReadOnlyList<Speaker>> Sessions(IReadOnlyList<Speaker> speakers) =>
        [.. speakers.GroupBy(speaker => speaker.Session).Select(session => (IReadOnlyList<Speaker>)[.. session])];

    private static int Partner(List<IReadOnlyList<Speaker>> places, int place) =>
        Enumerable.Range(0, places.Count).First(other => other != place && places[other][0].Session == places[place][0].Session);

    private static Fold Build(Corpus corpus, int number, IReadOnlyList<Speaker> test, IReadOnlyList<Speaker> validation)
    {
        HashSet<string> tested = [.. test.Select(speaker => speaker.Name)];
        HashSet<string> validated = [.. validation.Select(speaker => speaker.Name)];
        List<int>[] sides = [[], [], []];
        for (int i = 0; i < corpus.Utterances.Count; i++)
        {
            string speaker = corpus.Utterances[i].Speaker;
            sides[tested.Contains(speaker) ? 0 : validated.Contains(speaker) ? 1 : 2].Add(i);
        }

        return new Fold(
            number,
            [.. test.Select(speaker => speaker.Name)],
            [.. validation.Select(speaker => speaker.Name)],
            [.. corpus.Speakers.Select(speaker => speaker.Name).Where(name => !tested.Contains(name) && !validated.Contains(name))],
            sides[0],
            sides[1],
            sides[2]);
    }
}
