using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>From a listing to a checked corpus: classes, repeats, recordings, speakers.</summary>
internal static class CorpusAssembly
{
    internal static CorpusReport Build(string kind, string path, Listing listing, ClassChoice choice, Action<CorpusProgress>? progress)
    {
        List<CorpusProblem> problems = [.. listing.Problems, .. choice.Unknown(path)];
        var taken = new List<(Recording Recording, int Class)>();
        var leftOut = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var recording in WithoutRepeats(listing.Recordings, problems))
        {
            if (choice.Of(recording.Label, out bool unknown) is { } label)
            {
                taken.Add((recording, label));
            }
            else if (unknown)
            {
                problems.Add(new(recording.Where, $"has the unknown label '{recording.Label}' (utterance {recording.Name})", choice.CureFor(recording.Label)));
            }
            else
            {
                leftOut[recording.Label] = leftOut.GetValueOrDefault(recording.Label) + 1;
            }
        }

        taken.Sort((a, b) => string.CompareOrdinal(a.Recording.Speaker, b.Recording.Speaker) is var order and not 0
            ? order
            : string.CompareOrdinal(a.Recording.Name, b.Recording.Name));
        var checks = AudioCheck.All([.. taken.Select(item => item.Recording)], progress);
        problems.AddRange(checks.Select(check => check.Problem).OfType<CorpusProblem>());

        Utterance[] utterances =
        [
            .. from pair in taken.Zip(checks)
               where pair.Second.Problem is null
               let recording = pair.First.Recording
               let audio = pair.Second
               select new Utterance(recording.Name, recording.Speaker, recording.Session, pair.First.Class, recording.Path, audio.Sha256, audio.SampleRate, audio.Frames),
        ];
        Speaker[] speakers = [.. utterances.GroupBy(utterance => utterance.Speaker).Select(group => SpeakerOf(group, choice.Names.Count))];
        problems.AddRange(TooLittle(path, taken.Count, listing, [.. taken.Select(item => item.Recording.Speaker).Distinct()]));
        var corpus = problems.Count == 0 ? new Corpus(kind, path, CorpusDigest.Of(choice.Names, utterances), choice.Names, utterances, speakers, leftOut) : null;
        var channels = new SortedDictionary<int, int>(checks.Where(check => check.Problem is null).GroupBy(check => check.Channels).ToDictionary(g => g.Key, g => g.Count()));
        IReadOnlyList<string> warnings = [.. Unused(choice, listing), .. CorpusWarnings.Of(choice.Names, utterances, speakers)];
        return new(kind, path, corpus, choice.Names, utterances, speakers, leftOut, channels, problems, warnings);
    }

    // An utterance listed twice would stand on one side of a fold twice and count double; a recording under two names might stand on two.
    private static List<Recording> WithoutRepeats(IReadOnlyList<Recording> recordings, List<CorpusProblem> problems)
    {
        var names = new Dictionary<string, Recording>(StringComparer.Ordinal);
        var paths = new Dictionary<string, Recording>(StringComparer.Ordinal);
        var kept = new List<Recording>();
        foreach (var recording in recordings)
        {
            bool named = names.TryGetValue(recording.Name, out var first);
            if (named || paths.TryGetValue(recording.Path, out first))
            {
                string what = named ? $"utterance {recording.Name} is a duplicate" : $"utterance {recording.Name} is a duplicate: it has the recording of {first!.Name}";
                problems.Add(new(recording.Where, $"{what}; the first is in {first!.Where}", "keep one of them"));
                continue;
            }

            names.Add(recording.Name, recording);
            paths.Add(recording.Path, recording);
            kept.Add(recording);
        }

        return kept;
    }

    private static Speaker SpeakerOf(IGrouping<string, Utterance> utterances, int classes)
    {
        int[] counts = new int[classes];
        foreach (var utterance in utterances)
        {
            counts[utterance.Class]++;
        }

        string?[] sessions = [.. utterances.Select(utterance => utterance.Session).Distinct()];
        return new Speaker(utterances.Key, sessions.Length == 1 ? sessions[0] : null, counts);
    }

    private static IEnumerable<CorpusProblem> TooLittle(string path, int taken, Listing listing, string[] speakers)
    {
        if (taken == 0 && (listing.Recordings.Count > 0 || listing.Problems.Count == 0))
        {
            string what = listing.Recordings.Count == 0 ? "holds no utterances" : $"holds {listing.Recordings.Count} utterances, but none of the classes";
            yield return new(path, what, listing.Recordings.Count == 0 ? "is it the right folder?" : "say under `classes` which labels make up which class");
        }
        else if (speakers.Length == 1)
        {
            yield return new(path, $"has only one speaker, {speakers[0]}", "add speakers: training, validation and test take different ones, so at least three are needed");
        }
    }

    private static IEnumerable<string> Unused(ClassChoice choice, Listing listing)
    {
        var present = listing.Recordings.Select(recording => recording.Label).Distinct().ToList();
        return choice.Unused(present).Select(label => $"`classes` names the label '{label}', which no utterance has; there are {string.Join(", ", present.Order(StringComparer.Ordinal))}");
    }
}
