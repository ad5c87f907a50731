using Ser.Learning.Audio;
using Ser.Learning.Tests.Oracles;

namespace Ser.Learning.Tests.Audio;

[Trait("Category", Oracle.Category)]
public sealed class HostileWavTests : IDisposable
{
    private const int Mutations = 2000;
    private static readonly string Folder = Oracle.FolderOf("08_audio");
    private readonly WavBytes scratch = new();

    public static TheoryData<string> Files => [.. Directory.Exists(Folder) ? new DirectoryInfo(Folder).GetFiles("*.wav").Select(file => file.Name).Order() : Enumerable.Repeat("pcm16.wav", 1)];

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Mutated_file_is_read_or_refused_and_never_allocates_more_than_it_warrants(string name)
    {
        byte[] original = File.ReadAllBytes(Oracle.PathOf("08_audio/" + name));
        int refused = 0;
        for (int mutation = 0; mutation < Mutations; mutation++)
        {
            byte[] bytes = Mutate(original, new Draw(7, 0, mutation, name));
            string path = scratch.File($"mutant{mutation}.wav", bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var waveform = AudioFile.Read(path, library: null);
                Assert.True(waveform.Samples.Length <= bytes.Length);
                Assert.True(Array.TrueForAll(waveform.Samples, float.IsFinite));
            }
            catch (AudioException)
            {
                refused++;
            }

            // 4 bytes a float from 1 byte of file, a block of at most the file, and small change.
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 65_536 + (8L * bytes.Length), $"mutation {mutation}: {allocated} bytes for a file of {bytes.Length}");
            File.Delete(path);
        }

        Assert.InRange(refused, 1, Mutations);
    }

    private static byte[] Mutate(byte[] original, Draw draw)
    {
        byte[] bytes = [.. original];
        if (draw.Int(4) == 0)
        {
            bytes = bytes[..draw.Int(Math.Min(bytes.Length, draw.Int(2) == 0 ? 64 : bytes.Length) + 1)];
        }

        // Most mutations aim at the header, where the harm is done.
        for (int edits = 1 + draw.Int(4); edits > 0 && bytes.Length > 0; edits--)
        {
            int reach = draw.Int(4) == 0 ? bytes.Length : Math.Min(bytes.Length, 80);
            bytes[draw.Int(reach)] = draw.Int(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)draw.Int(256) };
        }

        return bytes;
    }
}
