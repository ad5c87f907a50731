using Ser.Domain.Corpora;

namespace Ser.Domain.Folds;

/// <summary>
/// Proves of a plan what every number of a table rests on: no speaker and no utterance stands on two sides of a fold, and every utterance is tested exactly once.
/// Works from the utterances themselves, not from how the plan was made.
/// </summary>
public static class FoldProof
{
    /// <summary>Returns if the plan is sound.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message names the fold and the speaker or utterance. Nothing may be run.</exception>
    public static void Check(Corpus corpus, IReadOnlyList<Fold> folds)
    {
        var tested = new int[corpus.Utterances.Count];
        for (int i = 0; i < folds.Count; i++)
        {
            Require(folds[i].Number == i + 1, $"fold {i + 1} has the number {folds[i].Number}");
            CheckFold(corpus, folds[i]);
            foreach (int utterance in folds[i].Test)
            {
                tested[utterance]++;
            }
        }

        int wrong = Array.FindIndex(tested, times => times != 1);
        Require(wrong < 0, wrong < 0 ? "" : $"utterance {corpus.Utterances[wrong].Name} is tested {tested[wrong]} times");
    }

    private static void CheckFold(Corpus corpus, Fold fold)
    {
        (string Side, IReadOnlyList<string> Speakers, IReadOnlyList<int> Utterances)[] sides =
        [
            ("test", fold.TestSpeakers, fold.Test),
            ("validation", fold.ValidationSpeakers, fold.Validation),
            ("training", fold.TrainSpeakers, fold.Train),
        ];
        var sideOfSpeaker = new Dictionary<string, string>();
        var sideOfUtterance = new string?[corpus.Utterances.Count];
        foreach (var (side, speakers, utterances) in sides)
        {
            Require(utterances.Count > 0, $"fold {fold.Number} has no {side} utterances");
            foreach (string speaker in speakers)
            {
                Require(sideOfSpeaker.TryAdd(speaker, side), $"fold {fold.Number} has speaker {speaker} on two sides: {sideOfSpeaker[speaker]} and {side}");
            }

            int last = -1;
            foreach (int index in utterances)
            {
                Require(index > last && index < corpus.Utterances.Count, $"fold {fold.Number}: index {index} of the {side} side is out of order or out of range");
                last = index;
                var utterance = corpus.Utterances[index];
                Require(sideOfUtterance[index] is null, $"fold {fold.Number} has utterance {utterance.Name} on two sides: {sideOfUtterance[index]} and {side}");
                sideOfUtterance[index] = side;
                Require(
                    sideOfSpeaker.TryGetValue(utterance.Speaker, out string? expected) && expected == side,
                    $"fold {fold.Number} has utterance {utterance.Name} on the {side} side, but not its speaker {utterance.Speaker}");
            }
        }

        int missing = Array.IndexOf(sideOfUtterance, null);
        Require(missing < 0, missing < 0 ? "" : $"fold {fold.Number} has utterance {corpus.Utterances[missing].Name} on no side");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The plan of folds is unsound: {otherwise}. Nothing may be run with it.");
        }
    }
}
