using Ser.Domain.Corpora;

namespace Ser.Domain.Folds;

/// <summary>
/// Verifies a plan of folds: train, validation and test are disjoint in speakers and utterances, and every utterance is tested exactly
/// once. The check uses only the utterances, independently of how the plan was made.
/// </summary>
public static class FoldValidation
{
    /// <summary>Verifies a plan.</summary>
    /// <exception cref="InvalidOperationException">
    /// The plan is invalid; the message names the fold and the speaker or utterance.
    /// </exception>
    public static void Check(Corpus corpus, IReadOnlyList<Fold> folds)
    {
        var timesTested = new int[corpus.Utterances.Count];
        for (int i = 0; i < folds.Count; i++)
        {
            Require(folds[i].Number == i + 1, $"fold {i + 1} has the number {folds[i].Number}");
            CheckFold(corpus, folds[i]);
            foreach (int utterance in folds[i].Test)
            {
                timesTested[utterance]++;
            }
        }

        int wrong = Array.FindIndex(timesTested, times => times != 1);
        Require(wrong < 0, wrong < 0 ? "" : $"utterance {corpus.Utterances[wrong].Name} is tested {timesTested[wrong]} times");
    }

    private static void CheckFold(Corpus corpus, Fold fold)
    {
        Split[] splits =
        [
            new("test", fold.TestSpeakers, fold.Test),
            new("validation", fold.ValidationSpeakers, fold.Validation),
            new("training", fold.TrainSpeakers, fold.Train),
        ];
        string number = $"fold {fold.Number}";
        var splitOfSpeaker = new Dictionary<string, string>();
        var splitOfUtterance = new string?[corpus.Utterances.Count];
        foreach (var (split, speakers, utterances) in splits)
        {
            Require(utterances.Count > 0, $"{number} has no {split} utterances");
            foreach (string speaker in speakers)
            {
                bool isNew = splitOfSpeaker.TryAdd(speaker, split);
                Require(isNew, $"{number} has speaker {speaker} in two splits: {splitOfSpeaker[speaker]} and {split}");
            }

            int last = -1;
            foreach (int index in utterances)
            {
                bool isValid = index > last && index < corpus.Utterances.Count;
                Require(isValid, $"{number}: index {index} of the {split} split is out of order or out of range");
                last = index;
                var utterance = corpus.Utterances[index];
                string? earlier = splitOfUtterance[index];
                Require(earlier is null, $"{number} has utterance {utterance.Name} in two splits: {earlier} and {split}");
                splitOfUtterance[index] = split;
                Require(
                    splitOfSpeaker.TryGetValue(utterance.Speaker, out string? expected) && expected == split,
                    $"{number} has utterance {utterance.Name} in the {split} split, but not its speaker {utterance.Speaker}");
            }
        }

        int missing = Array.IndexOf(splitOfUtterance, null);
        Require(missing < 0, missing < 0 ? "" : $"{number} has utterance {corpus.Utterances[missing].Name} in no split");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The plan of folds is invalid and cannot be used: {otherwise}.");
        }
    }

    private sealed record Split(string Name, IReadOnlyList<string> Speakers, IReadOnlyList<int> Utterances);
}
