using Ser.Domain.Randomness;

namespace Ser.TestSupport;

/// <summary>Rows around a few centres, the same on every machine; row r is of class r mod the number of classes.</summary>
public static class Clusters
{
    public static float[] Rows(int rows, int dimension, int classes = 4, double apart = 3)
    {
        var noise = new RandomStream(1, 0, 0, "noise");
        var places = new RandomStream(1, 0, 0, "centres");
        double[] centres = [.. Enumerable.Range(0, classes * dimension).Select(_ => apart * places.NextNormal())];
        double Centre(int i) => centres[(i / dimension % classes * dimension) + (i % dimension)];
        return [.. Enumerable.Range(0, rows * dimension).Select(i => (float)(Centre(i) + noise.NextNormal()))];
    }

    public static int[] Labels(int rows, int classes = 4) => [.. Enumerable.Range(0, rows).Select(row => row % classes)];
}
