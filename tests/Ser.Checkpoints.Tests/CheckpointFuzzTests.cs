using Ser.Checkpoints.Pickles;
using Ser.Checkpoints.Torch;
using Ser.Domain.Randomness;
using Ser.TestSupport;

namespace Ser.Checkpoints.Tests;

/// <summary>
/// Damaged checkpoints of every layout are read or refused: no other exception is thrown, nothing hangs,
/// and memory stays within a multiple of the file's size.
/// </summary>
[Trait("Category", Oracle.Category)]
public class CheckpointFuzzTests
{
    private const int Mutations = 10_000;
    private const int Structure = 9_500; // bytes of pickle, of directory, or of JSON in these files

    [Theory]
    [InlineData("hf_model/model.safetensors")]
    [InlineData("hf_pretraining_newnames/model.safetensors")]
    [InlineData("hf_model/pytorch_model.bin")]
    [InlineData("hf_pretraining_newnames/pytorch_model.bin")]
    [InlineData("fairseq/old_args_legacy.pt")]
    [InlineData("fairseq/old_args_zip.pt")]
    [InlineData("fairseq/new_cfg.pt")]
    [InlineData("fairseq/ctc_finetuned.pt")]
    [InlineData("torchaudio/state_dict.pth")]
    [InlineData("torchaudio/state_dict_legacy.pth")]
    public void A_damaged_checkpoint_is_read_or_refused(string file)
    {
        string path = Oracle.PathOf("03_checkpoints/" + file);
        int? heads = file.StartsWith("torchaudio", StringComparison.Ordinal) ? 4 : null;
        Fuzz(file, File.ReadAllBytes(path), Structure, stream =>
        {
            using var weights = PublishedWeights.Open(path, EncoderTensors.FromFile(path, TensorFiles.Read(path, stream)), heads);
            _ = weights.Parameters().ToList();
        });
    }

    [Theory]
    [InlineData("edge_zip.pt", true)]
    [InlineData("edge_legacy.pt", false)]
    public void A_damaged_file_of_edge_cases_is_read_or_refused(string file, bool zip) =>
        Fuzz(file, File.ReadAllBytes(Oracle.PathOf("03_checkpoints/pickle_edge/" + file)), structure: 1_700, stream =>
        {
            using var torch = TorchFile.Read(file, stream, zip);
            if (torch.Root is PickledDict root && root["state"] is PickledDict state)
            {
                foreach (var tensor in state.Items.Select(item => item.Value).OfType<PickledTensor>())
                {
                    torch.Bytes(tensor);
                }
            }
        });

    private static void Fuzz(string name, byte[] original, int structure, Action<Stream> read)
    {
        var mutation = new FileMutator(original, structure);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            var bytes = mutation.Next(new RandomStream(11, 0, i, name));
            var stream = new MemoryStream(bytes.Array!, 0, bytes.Count, writable: false);
            string outcome = "it was read";
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(stream);
            }
            catch (InvalidDataException refusal)
            {
                outcome = refusal.Message;
                refused++;
            }
            catch (Exception other)
            {
                Assert.Fail($"mutation {i} of {name}: {other}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            string message = $"mutation {i} of {name}: {allocated} bytes for a file of {bytes.Count}: {outcome}";
            Assert.True(allocated < 262_144 + (8L * bytes.Count), message);
        }

        Assert.InRange(refused, Mutations / 10, Mutations - 1);
    }
}
