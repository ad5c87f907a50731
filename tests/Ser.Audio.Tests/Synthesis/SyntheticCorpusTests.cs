using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ser.Audio.Synthesis;

namespace Ser.Audio.Tests.Synthesis;

public sealed class SyntheticCorpusTests : IDisposable
{
    private static readonly Lazy<IReadOnlyList<(string Name, short[] Samples)>> Whole =
        new(() => [.. SyntheticCorpus.Utterances(new SyntheticOptions())]);
    private readonly string _folder = Directory.CreateTempSubdirectory("ser-synthetic-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ten_speakers_of_four_emotions_in_the_order_of_IEMOCAP()
    {
        var names = Whole.Value.Select(utterance => utterance.Name).ToList();
        Assert.Equal(240, names.Distinct().Count());
        string[] speakers = ["Syn01F", "Syn01M", "Syn02F", "Syn02M", "Syn03F", "Syn03M", "Syn04F", "Syn04M", "Syn05F", "Syn05M"];
        Assert.Equal(speakers, names.Select(name => name[..6]).Distinct());
        Assert.Equal("Syn01F_ang_01", names[0]);
        Assert.All(names.GroupBy(name => name[..10]), group => Assert.Equal(6, group.Count()));
        Assert.All(Whole.Value, utterance => Assert.InRange(utterance.Samples.Length, 12_800, 25_600));
        Assert.All(Whole.Value, utterance =>
        {
            int clipped = utterance.Samples.Count(sample => Math.Abs((int)sample) > 32_700);
            Assert.True(clipped < utterance.Samples.Length / 100);
        });
    }

    [Fact]
    public void Samples_are_the_committed_ones_on_every_platform()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var utterance in Whole.Value)
        {
            hash.AppendData(MemoryMarshal.AsBytes<short>(utterance.Samples));
        }

        Assert.Equal("1bea2fb78dd6a2e800429ce7bdf9b5e42d356e944e370607d6ed8756cbdb249b", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Written_whole_once_and_left_alone_afterwards()
    {
        var few = new SyntheticOptions { UtterancesPerClass = 1 };
        SyntheticCorpus.Write(_folder, few);
        string[] files = Directory.GetFiles(Path.Combine(_folder, "wav"), "*.wav");
        Assert.Equal(40, files.Length);
        Assert.Equal(["wav"], Directory.GetDirectories(_folder).Select(Path.GetFileName));
        var info = AudioFile.Inspect(files[0]);
        Assert.Equal(("WAV", "PCM_16", 16_000, 1), (info.Format, info.Encoding, info.SampleRate, info.Channels));

        File.WriteAllText(files[0], "touched");
        SyntheticCorpus.Write(_folder, few);
        Assert.Equal("touched", File.ReadAllText(files[0]));

        File.Delete(files[0]);
        SyntheticCorpus.Write(_folder, few);
        Assert.True(File.Exists(files[0]));

        SyntheticCorpus.Write(_folder, few with { Seed = 2 });
        Assert.Equal(40, Directory.GetFiles(Path.Combine(_folder, "wav"), "*.wav").Length);
    }

    [Fact]
    public void A_foreign_folder_is_refused_and_not_changed()
    {
        string theirs = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "wav")).FullName, "mine.wav");
        File.WriteAllText(theirs, "x");
        var error = Assert.Throws<AudioException>(() => SyntheticCorpus.Write(_folder, new SyntheticOptions()));
        Assert.Contains("another folder", error.Message);
        Assert.Equal("x", File.ReadAllText(theirs));
    }

    [Fact]
    public void Prosody_tells_the_emotions_apart_for_unseen_speakers_but_not_all_of_them()
    {
        var points = Whole.Value.Select(utterance => new Point(utterance.Name[..6], utterance.Name[7..10], Features(utterance.Samples)));
        var scaled = points.GroupBy(point => point.Speaker).SelectMany(group => Standardised([.. group])).ToList();
        double Recall(IGrouping<string, Point> truth) => truth.Average(query => Nearest(query, scaled) == truth.Key ? 1.0 : 0);
        var recalls = scaled.GroupBy(point => point.Class).Select(Recall);
        Assert.InRange(recalls.Average(), 0.55, 0.95);
    }

    private static string Nearest(Point query, IEnumerable<Point> points) => points
        .Where(point => point.Speaker != query.Speaker)
        .GroupBy(point => point.Class)
        .MinBy(group => Enumerable.Range(0, query.X.Length).Sum(d => Math.Pow(query.X[d] - group.Average(point => point.X[d]), 2)))!.Key;

    private static IEnumerable<Point> Standardised(IReadOnlyList<Point> points)
    {
        int n = points[0].X.Length;
        double[] mean = [.. Enumerable.Range(0, n).Select(d => points.Average(point => point.X[d]))];
        double[] deviation = [.. Enumerable.Range(0, n).Select(d => Math.Sqrt(points.Average(point => Math.Pow(point.X[d] - mean[d], 2))))];
        double[] Scaled(double[] features) => [.. features.Select((x, d) => (x - mean[d]) / deviation[d])];
        return points.Select(point => point with { X = Scaled(point.X) });
    }

    // Mean and spread of log F0 (autocorrelation of 40 ms frames), duration, brightness (correlation of neighbouring samples) and loudness.
    private static double[] Features(short[] samples)
    {
        var pitches = new List<double>();
        double energy = 0, neighbours = 0;
        for (int i = 1; i < samples.Length; i++)
        {
            energy += (double)samples[i] * samples[i];
            neighbours += (double)samples[i] * samples[i - 1];
        }

        for (int start = 0; start + 900 < samples.Length; start += 480)
        {
            var frame = samples.AsSpan(start, 640);
            double own = Lag(frame, 0), best = 0;
            int lag = 0;
            for (int candidate = 40; candidate < 230; candidate++)
            {
                double value = Lag(frame, candidate);
                (best, lag) = value > best ? (value, candidate) : (best, lag);
            }

            if (best > 0.4 * own && own > 0.2 * 640 * energy / samples.Length)
            {
                pitches.Add(Math.Log(16_000.0 / lag));
            }
        }

        double mean = pitches.DefaultIfEmpty(5).Average();
        double spread = Math.Sqrt(pitches.DefaultIfEmpty(5).Average(p => (p - mean) * (p - mean)));
        return [mean, spread, samples.Length, neighbours / energy, Math.Log(energy / samples.Length)];
    }

    private static double Lag(ReadOnlySpan<short> frame, int lag)
    {
        double sum = 0;
        for (int i = lag; i < frame.Length; i++)
        {
            sum += (double)frame[i] * frame[i - lag];
        }

        return sum;
    }

    private sealed record Point(string Speaker, string Class, double[] X);
}
