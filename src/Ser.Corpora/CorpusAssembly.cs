using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>Makes a checked corpus of a listing: assigns classes, rejects duplicates, opens recordings, groups them by speaker.</summary>
internal static class CorpusAssembly
{
    internal static CorpusReport Build(
        string kind, string path, RecordingList listing, ClassMapping choice, Action<CorpusProgress>? progress)
    {
        List<CorpusProblem> problems = [.. listing.Problems, .. choice.FindProblems(path)];
        var included = new List<ClassifiedRecording>();
        var leftOut = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var recording in WithoutRepeats(listing.Recordings, problems))
        {
            if (choice.FindClass(recording.Label, out bool unknown) is { } label)
            {
                included.Add(new(recording, label));
            }
            else if (unknown)
            {
                string what = $"has the unknown label '{recording.Label}' (utterance {recording.Name})";
                problems.Add(new(recording.Where, what, choice.SuggestFor(recording.Label)));
            }
            else
            {
                leftOut[recording.Label] = leftOut.GetValueOrDefault(recording.Label) + 1;
            }
        }

        included.Sort(BySpeakerThenName);
        var checks = AudioCheck.CheckAll([.. included.Select(item => item.Recording)], progress);
        problems.AddRange(checks.Select(check => check.Problem).OfType<CorpusProblem>());
        string[] includedSpeakers = [.. included.Select(item => item.Recording.Speaker).Distinct()];
        problems.AddRange(TooFew(path, included.Count, listing, includedSpeakers));

        Utterance[] utterances = [.. SoundUtterances(included, checks)];
        var bySpeaker = utterances.GroupBy(utterance => utterance.Speaker);
        Speaker[] speakers = [.. bySpeaker.Select(group => CreateSpeaker(group, choice.Names.Count))];
        var channels = new SortedDictionary<int, int>();
        foreach (var check in checks.Where(check => check.Problem is null))
        {
            channels[check.Channels] = channels.GetValueOrDefault(check.Channels) + 1;
        }

        IReadOnlyList<string> warnings = [.. Unused(choice, listing), .. CorpusWarnings.Find(choice.Names, utterances, speakers)];
        Corpus? corpus = null;
        if (problems.Count == 0)
        {
            string digest = CorpusDigest.Compute(choice.Names, utterances);
            corpus = new Corpus(kind, path, digest, choice.Names, utterances, speakers, leftOut);
        }

        return new(kind, path, corpus, choice.Names, utterances, speakers, leftOut, channels, problems, warnings);
    }

    private static int BySpeakerThenName(ClassifiedRecording a, ClassifiedRecording b)
    {
        int bySpeaker = string.CompareOrdinal(a.Recording.Speaker, b.Recording.Speaker);
        return bySpeaker != 0 ? bySpeaker : string.CompareOrdinal(a.Recording.Name, b.Recording.Name);
    }

    private static IEnumerable<Utterance> SoundUtterances(IEnumerable<ClassifiedRecording> included, IEnumerable<AudioCheck> checks)
    {
        foreach (var (item, audio) in included.Zip(checks))
        {
            if (audio.Problem is null)
            {
                var (name, _, speaker, session, path, _) = item.Recording;
                yield return new Utterance(name, speaker, session, item.Class, path, audio.Sha256, audio.SampleRate, audio.Frames);
            }
        }
    }

    // An utterance that is listed twice would count double. A recording under two names could end up both in training and in test.
    private static List<Recording> WithoutRepeats(IReadOnlyList<Recording> recordings, List<CorpusProblem> problems)
    {
        var names = new Dictionary<string, Recording>(StringComparer.Ordinal);
        var paths = new Dictionary<string, Recording>(StringComparer.Ordinal);
        var distinct = new List<Recording>();
        foreach (var recording in recordings)
        {
            bool named = names.TryGetValue(recording.Name, out var first);
            if (named || paths.TryGetValue(recording.Path, out first))
            {
                string sameRecording = named ? "" : $": it has the recording of {first!.Name}";
                string what = $"utterance {recording.Name} is a duplicate{sameRecording}; the first is in {first!.Where}";
                problems.Add(new(recording.Where, what, "keep one of them"));
                continue;
            }

            names.Add(recording.Name, recording);
            paths.Add(recording.Path, recording);
            distinct.Add(recording);
        }

        return distinct;
    }

    private static Speaker CreateSpeaker(IGrouping<string, Utterance> utterances, int classes)
    {
        int[] counts = new int[classes];
        foreach (var utterance in utterances)
        {
            counts[utterance.Class]++;
        }

        string?[] sessions = [.. utterances.Select(utterance => utterance.Session).Distinct()];
        return new Speaker(utterances.Key, sessions.Length == 1 ? sessions[0] : null, counts);
    }

    private static IEnumerable<CorpusProblem> TooFew(string path, int included, RecordingList listing, string[] speakers)
    {
        int listed = listing.Recordings.Count;
        if (included == 0 && listed > 0)
        {
            yield return new(path, $"holds {listed} utterances, but none of the classes", "list under `classes` the labels of each class");
        }
        else if (included == 0 && listing.Problems.Count == 0)
        {
            yield return new(path, "holds no utterances", "check that it is the right folder");
        }
        else if (speakers.Length == 1)
        {
            const string cure = "add speakers: training, validation and test use different ones, so at least three are needed";
            yield return new(path, $"has only one speaker, {speakers[0]}", cure);
        }
    }

    private static IEnumerable<string> Unused(ClassMapping choice, RecordingList listing)
    {
        var present = listing.Recordings.Select(recording => recording.Label).Distinct().ToList();
        string labels = string.Join(", ", present.Order(StringComparer.Ordinal));
        return choice.FindUnused(present)
            .Select(label => $"`classes` names the label '{label}', which no utterance has; the corpus has {labels}");
    }

    private sealed record ClassifiedRecording(Recording Recording, int Class);
}
