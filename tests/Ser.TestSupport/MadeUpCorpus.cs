using Ser.Domain.Corpora;

namespace Ser.TestSupport;

/// <summary>Creates corpora without audio from the class counts of each speaker.</summary>
public static class MadeUpCorpus
{
    /// <summary>Speakers of IEMOCAP with their counts of angry, happy, sad, neutral (protocol.md).</summary>
    public static readonly (string Name, string? Session, int[] Counts)[] Iemocap =
    [
        ("Ses01F", "1", [147, 132, 78, 171]), ("Ses01M", "1", [82, 146, 116, 213]),
        ("Ses02F", "2", [67, 166, 113, 135]), ("Ses02M", "2", [70, 161, 84, 227]),
        ("Ses03F", "3", [92, 128, 172, 130]), ("Ses03M", "3", [148, 158, 133, 190]),
        ("Ses04F", "4", [205, 185, 62, 76]), ("Ses04M", "4", [122, 118, 81, 182]),
        ("Ses05F", "5", [78, 159, 132, 221]), ("Ses05M", "5", [92, 283, 113, 163]),
    ];

    public static Corpus Create(params (string Name, string? Session, int[] Counts)[] speakers)
    {
        string[] classes = ["angry", "happy", "sad", "neutral"];
        Utterance[] utterances =
        [
            .. from speaker in speakers
               from label in Enumerable.Range(0, speaker.Counts.Length)
               from number in Enumerable.Range(0, speaker.Counts[label])
               select new Utterance($"{speaker.Name}_{label}_{number:000}", speaker.Name, speaker.Session, label, "", "", 16000, 16000),
        ];
        Speaker[] corpusSpeakers = [.. speakers.Select(speaker => new Speaker(speaker.Name, speaker.Session, speaker.Counts))];
        return new Corpus("csv", "made up", "0", classes, utterances, corpusSpeakers, new Dictionary<string, int>());
    }

    public static Corpus WithoutSessions(int speakers)
    {
        int[] Counts(int speaker) => [1 + (speaker % 3), 2 + (speaker % 5), 1 + (speaker * 7 % 11), 3];
        return Create([.. Enumerable.Range(0, speakers).Select(i => ($"s{i:00}", (string?)null, Counts(i)))]);
    }
}
