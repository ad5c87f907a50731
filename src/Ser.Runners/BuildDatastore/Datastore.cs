using System.Runtime.InteropServices;
using Ser.Checkpoints;

namespace Ser.Runners.BuildDatastore;

/// <summary>The part of a fold that an utterance belongs to.</summary>
public enum Side
{
    /// <summary>Training utterances: neighbours in every search.</summary>
    Train,

    /// <summary>Validation utterances: queries for choosing, and neighbours of test queries.</summary>
    Validation,

    /// <summary>Test utterances: queries of the reported scores.</summary>
    Test,
}

/// <summary>The embeddings of every utterance of a fold, one row each, in corpus order.</summary>
/// <param name="rows">Number of utterances.</param>
/// <param name="width">D, the length of an embedding.</param>
/// <param name="classes">C, the number of classes.</param>
public sealed class Datastore(int rows, int width, int classes)
{
    /// <summary>File name among the artifacts.</summary>
    public const string FileName = "datastore.safetensors";

    private readonly float[] _embeddings = new float[(long)rows * width];
    private readonly double[] _probabilities = new double[rows * classes];
    private readonly long[] _utterances = new long[rows];
    private readonly long[] _sides = new long[rows];
    private readonly long[] _labels = new long[rows];

    /// <summary>D, the length of an embedding.</summary>
    public int Width => width;

    /// <summary>C, the number of classes.</summary>
    public int Classes => classes;

    /// <summary>Indices of the rows of the given sides, in corpus order.</summary>
    public int[] RowsOn(params Side[] included) => [.. Enumerable.Range(0, rows).Where(row => included.Contains((Side)_sides[row]))];

    /// <summary>Index of a row's utterance in the corpus.</summary>
    public int Utterance(int row) => (int)_utterances[row];

    /// <summary>Side of a row.</summary>
    public Side SideOf(int row) => (Side)_sides[row];

    /// <summary>True class of a row.</summary>
    public int Class(int row) => (int)_labels[row];

    /// <summary>p_model of eq. 4 for a row: [C].</summary>
    public double[] Probabilities(int row) => _probabilities[(row * classes)..((row + 1) * classes)];

    /// <summary>Embeddings of the given rows, one after the other: [rows × D].</summary>
    public float[] Embeddings(IReadOnlyList<int> selected)
    {
        var result = new float[selected.Count * width];
        for (int i = 0; i < selected.Count; i++)
        {
            Array.Copy(_embeddings, selected[i] * width, result, i * width, width);
        }

        return result;
    }

    /// <summary>Fills one row.</summary>
    public void Set(int row, int utterance, Side side, int label, float[] embedding, double[] probability)
    {
        (_utterances[row], _sides[row], _labels[row]) = (utterance, (long)side, label);
        embedding.CopyTo(_embeddings, row * width);
        probability.CopyTo(_probabilities, row * classes);
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path) => SafeTensors.Write(path,
    [
        new("embeddings", "F32", [rows, width], () => Bytes(_embeddings)),
        new("probabilities", "F64", [rows, classes], () => Bytes(_probabilities)),
        new("utterances", "I64", [rows], () => Bytes(_utterances)),
        new("sides", "I64", [rows], () => Bytes(_sides)),
        new("labels", "I64", [rows], () => Bytes(_labels)),
    ]);

    /// <summary>Reads a file.</summary>
    public static Datastore Read(string path)
    {
        using var file = SafeTensors.Read(path);
        long[] shape = file.Entries["embeddings"].Shape;
        var store = new Datastore((int)shape[0], (int)shape[1], (int)file.Entries["probabilities"].Shape[1]);
        file.Floats("embeddings").CopyTo(store._embeddings, 0);
        file.Doubles("probabilities").CopyTo(store._probabilities, 0);
        file.Longs("utterances").CopyTo(store._utterances, 0);
        file.Longs("sides").CopyTo(store._sides, 0);
        file.Longs("labels").CopyTo(store._labels, 0);
        return store;
    }

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
