using System.Runtime.InteropServices;
using Ser.Checkpoints;

namespace Ser.Runners.BuildDatastore;

/// <summary>Side of a fold on which an utterance stands.</summary>
public enum Side
{
    /// <summary>Stored rows of every search.</summary>
    Train,

    /// <summary>Queries for choosing; stored rows of the test's search.</summary>
    Validation,

    /// <summary>Queries of the answer.</summary>
    Test,
}

/// <summary>Every utterance of a fold, embedded once: rows in corpus order.</summary>
/// <param name="rows">Utterances.</param>
/// <param name="width">D, numbers of an embedding.</param>
/// <param name="classes">Classes of a probability vector.</param>
public sealed class Datastore(int rows, int width, int classes)
{
    /// <summary>Name among the artifacts.</summary>
    public const string FileName = "datastore.safetensors";

    private readonly float[] embeddings = new float[(long)rows * width];
    private readonly double[] probabilities = new double[rows * classes];
    private readonly long[] utterances = new long[rows];
    private readonly long[] sides = new long[rows];
    private readonly long[] labels = new long[rows];

    /// <summary>D.</summary>
    public int Width => width;

    /// <summary>Number of classes.</summary>
    public int Classes => classes;

    /// <summary>Positions of the rows on a side, in corpus order.</summary>
    public int[] On(params Side[] wanted) => [.. Enumerable.Range(0, rows).Where(row => wanted.Contains((Side)sides[row]))];

    /// <summary>Index into the corpus.</summary>
    public int Utterance(int row) => (int)utterances[row];

    /// <summary>Where it stands.</summary>
    public Side SideOf(int row) => (Side)sides[row];

    /// <summary>True class.</summary>
    public int Class(int row) => (int)labels[row];

    /// <summary>p_model of eq. 4.</summary>
    public double[] Probabilities(int row) => probabilities[(row * classes)..((row + 1) * classes)];

    /// <summary>Embeddings of some rows, row after row: [rows × D].</summary>
    public float[] Embeddings(IReadOnlyList<int> of)
    {
        var some = new float[of.Count * width];
        for (int i = 0; i < of.Count; i++)
        {
            Array.Copy(embeddings, of[i] * width, some, i * width, width);
        }

        return some;
    }

    /// <summary>Fills one row.</summary>
    public void Set(int row, int utterance, Side side, int label, float[] embedding, double[] probability)
    {
        (utterances[row], sides[row], labels[row]) = (utterance, (long)side, label);
        embedding.CopyTo(embeddings, row * width);
        probability.CopyTo(probabilities, row * classes);
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path) => SafeTensors.Write(path,
    [
        new("embeddings", "F32", [rows, width], () => Bytes(embeddings)),
        new("probabilities", "F64", [rows, classes], () => Bytes(probabilities)),
        new("utterances", "I64", [rows], () => Bytes(utterances)),
        new("sides", "I64", [rows], () => Bytes(sides)),
        new("labels", "I64", [rows], () => Bytes(labels)),
    ]);

    /// <summary>Reads a file.</summary>
    public static Datastore Read(string path)
    {
        using var file = SafeTensors.Read(path);
        long[] shape = file.Entries["embeddings"].Shape;
        var store = new Datastore((int)shape[0], (int)shape[1], (int)file.Entries["probabilities"].Shape[1]);
        file.Floats("embeddings").CopyTo(store.embeddings, 0);
        file.Doubles("probabilities").CopyTo(store.probabilities, 0);
        file.Longs("utterances").CopyTo(store.utterances, 0);
        file.Longs("sides").CopyTo(store.sides, 0);
        file.Longs("labels").CopyTo(store.labels, 0);
        return store;
    }

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
