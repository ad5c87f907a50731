using System.Text;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>The format of torch.save since version 1.6: a zip file of data.pkl and one entry for each storage.</summary>
internal static class TorchZip
{
    private const string Pickle = "/data.pkl";

    internal static object? Read(string path, Stream stream, AllocationBudget allowance)
    {
        var zip = ZipDirectory.Read(path, stream, allowance);
        string[] pickles = [.. zip.Names.Where(IsPickle)];
        if (pickles.Length != 1)
        {
            string problem = $"the zip file has {pickles.Length} entries data.pkl, but should have one";
            throw InvalidCheckpoint.Create(path, $"{problem}; specify a file of torch.save");
        }

        string folder = pickles[0][..^Pickle.Length];
        if (zip.Names.Contains(folder + "/constants.pkl"))
        {
            string problem = "this is a TorchScript program, not a checkpoint; save the model's state_dict with torch.save";
            throw InvalidCheckpoint.Create(path, problem);
        }

        CheckByteOrder(path, stream, zip, folder + "/byteorder");
        var storages = new TorchStorages(path, allowance);
        var (start, end) = zip.Bytes(pickles[0]);
        object? root = new PickleReader(path, new ByteCursor(path, stream, start, end, allowance), allowance, storages.GetOrAdd).Read();
        foreach (var storage in storages.All)
        {
            var bytes = zip.Bytes($"{folder}/data/{storage.Key}");
            storages.SetPosition(storage, bytes.Start, bytes.End);
        }

        return root;
    }

    // data.pkl in a folder at the top level.
    private static bool IsPickle(string name) =>
        name.EndsWith(Pickle, StringComparison.Ordinal) && name.IndexOf('/', StringComparison.Ordinal) == name.Length - Pickle.Length;

    private static void CheckByteOrder(string path, Stream stream, ZipDirectory zip, string entry)
    {
        if (!zip.Names.Contains(entry))
        {
            return; // written by torch before 2.1, which ran only on little-endian machines
        }

        var (start, end) = zip.Bytes(entry);
        Span<byte> order = stackalloc byte[6];
        order = order[..(int)Math.Min(order.Length, end - start)];
        stream.Position = start;
        stream.ReadExactly(order);
        if (Encoding.Latin1.GetString(order) != "little")
        {
            throw InvalidCheckpoint.Create(path, "its numbers are not little-endian; save it on a little-endian machine");
        }
    }
}
