using Ser.Domain.Randomness;
using Ser.TestSupport;

namespace Ser.Audio.Tests;

[Trait("Category", Oracle.Category)]
public sealed class HostileWavTests : IDisposable
{
    private const int Mutations = 4_000; // of each of more than twenty files
    private const int Header = 80; // bytes of chunk headers, where damage has the most effect
    private const int MaxAllocatedBytes = 2_048; // of each file: more samples would only take longer
    private static readonly string Folder = Oracle.FolderOf("08_audio");
    private readonly WavBytes _scratch = new();

    public static TheoryData<string> Files =>
    [
        .. Directory.Exists(Folder)
            ? new DirectoryInfo(Folder).GetFiles("*.wav").Select(file => file.Name).Order()
            : Enumerable.Repeat("pcm16.wav", 1),
    ];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Mutated_file_is_read_or_refused_and_never_allocates_more_than_it_warrants(string name)
    {
        byte[] original = File.ReadAllBytes(Oracle.PathOf("08_audio/" + name));
        var mutation = new FileMutator(original[..Math.Min(original.Length, MaxAllocatedBytes)], Header);
        string path = _scratch.File("mutant.wav", []);
        // The file stays open, since creating files would take most of the time.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            var bytes = mutation.Next(new RandomStream(7, 0, i, name));
            file.Position = 0;
            file.Write(bytes);
            file.SetLength(bytes.Count);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var waveform = AudioFile.Read(path, library: null);
                Assert.True(waveform.Samples.Length <= bytes.Count);
                Assert.True(Array.TrueForAll(waveform.Samples, float.IsFinite));
            }
            catch (AudioException)
            {
                refused++;
            }

            // A float takes 4 bytes for at least 1 byte of file; in addition there is one block of at most the file, and a constant.
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 65_536 + (8L * bytes.Count), $"mutation {i}: {allocated} bytes for a file of {bytes.Count}");
        }

        Assert.InRange(refused, 1, Mutations);
    }
}
