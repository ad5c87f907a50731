using Ser.Learning.Retrieval;

namespace Ser.Learning.Tests.Retrieval;

public sealed class NeighbourSearchTests
{
    [Theory]
    [InlineData(37, 211, 48, 32, 1.0, 0.0)]
    [InlineData(5, 40, 3, 40, 1.0, 0.0)]
    [InlineData(1, 1, 1, 1, 1.0, 0.0)]
    [InlineData(20, 300, 64, 10, 1e-3, 1000.0)]
    [InlineData(20, 300, 64, 10, 1e-4, 3e6)]
    [InlineData(20, 300, 16, 10, 1e-30, 0.0)]
    [InlineData(20, 300, 16, 10, 3e30, 0.0)]
    [InlineData(20, 300, 16, 10, 1.0, 1e25)]
    [InlineData(20, 300, 16, 10, 1e-44, 0.0)]
    [InlineData(20, 300, 16, 10, 3.4e38, 0.0)]
    [InlineData(20, 300, 16, 10, 0.0, 0.0)]
    [InlineData(20, 300, 16, 10, 0.0, 1.5)]
    public void Neighbours_are_those_of_a_plain_loop_in_double(int queries, int rows, int dimension, int k, double spread, double offset)
    {
        float[] asked = Draw(queries * dimension, 1, spread, offset);
        float[] stored = Draw(rows * dimension, 2, spread, offset);
        Same(Plain(asked, stored, dimension, k), NeighbourSearch.Find(asked, stored, dimension, k));
    }

    [Fact]
    public void Numbers_of_rows_and_coordinates_that_fill_no_tile_make_no_difference()
    {
        for (int rows = 1; rows < 40; rows++)
        {
            int dimension = 1 + (rows * 7 % 19);
            float[] stored = Draw(rows * dimension, (ulong)rows, 1, 0);
            float[] asked = Draw((rows % 14) * dimension, 90, 1, 0);
            Same(Plain(asked, stored, dimension, 1 + (rows / 2)), NeighbourSearch.Find(asked, stored, dimension, 1 + (rows / 2)));
        }
    }

    [Fact]
    public void One_row_far_out_costs_no_neighbour()
    {
        float[] stored = Draw(500 * 16, 6, 1, 0);
        float[] asked = Draw(30 * 16, 7, 1, 0);
        stored[16] = 1e37f;
        asked[5 * 16] = -1e30f;
        Same(Plain(asked, stored, 16, 12), NeighbourSearch.Find(asked, stored, 16, 12));
    }

    [Fact]
    public void Ties_go_to_the_lower_row()
    {
        // Small whole numbers: thousands of equal distances, duplicates, and queries that are themselves stored.
        float[] stored = Array.ConvertAll(Draw(400 * 3, 3, 1.9, 0), value => MathF.Round(value));
        float[] asked = stored[..(60 * 3)];
        var found = NeighbourSearch.Find(asked, stored, 3, 32);
        Same(Plain(asked, stored, 3, 32), found);
        Assert.Equal(0, found.Distance[7][0]);
        Assert.True(found.Index[7][0] <= 7);
    }

    [Fact]
    public void Chunks_of_queries_make_no_difference()
    {
        const int dimension = 2;
        float[] asked = Draw(90 * dimension, 4, 1, 0);
        float[] stored = Draw(400_000 * dimension, 5, 1, 0);
        Same(Plain(asked, stored, dimension, 3), NeighbourSearch.Find(asked, stored, dimension, 3));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_embedding_that_is_not_finite_is_refused_and_named(float broken)
    {
        float[] good = Draw(8, 1, 1, 0);
        float[] bad = Draw(8, 2, 1, 0);
        bad[5] = broken;
        Assert.Contains("stored row 2", Assert.Throws<ArgumentException>(() => NeighbourSearch.Find(good, bad, 2, 1)).Message);
        Assert.Contains("query 2", Assert.Throws<ArgumentException>(() => NeighbourSearch.Find(bad, good, 2, 1)).Message);
    }

    [Fact]
    public void A_k_outside_the_store_is_refused()
    {
        Assert.Contains("between 1 and 4", Refusal(width: 2, k: 5));
        Assert.Contains("between 1 and 4", Refusal(width: 2, k: 0));
        Assert.Contains("rows of 3", Refusal(width: 3, k: 1));

        static string Refusal(int width, int k) =>
            Assert.Throws<ArgumentException>(() => NeighbourSearch.Find(new float[2], new float[8], width, k)).Message;
    }

    private static void Same(Neighbours expected, Neighbours actual)
    {
        Assert.Equal(expected.Index, actual.Index);
        Assert.Equal(expected.Distance, actual.Distance);
    }

    private static Neighbours Plain(float[] queries, float[] stored, int dimension, int k)
    {
        var index = new List<int[]>();
        var distance = new List<double[]>();
        for (int q = 0; q < queries.Length; q += dimension)
        {
            double[] all = new double[stored.Length / dimension];
            for (int s = 0; s < all.Length; s++)
            {
                double sum = 0;
                for (int i = 0; i < dimension; i++)
                {
                    double d = (double)queries[q + i] - stored[(s * dimension) + i];
                    sum += d * d;
                }

                all[s] = Math.Sqrt(sum);
            }

            int[] order = [.. Enumerable.Range(0, all.Length).OrderBy(s => all[s]).ThenBy(s => s).Take(k)];
            index.Add(order);
            distance.Add(Array.ConvertAll(order, s => all[s]));
        }

        return new Neighbours([.. index], [.. distance]);
    }

    private static float[] Draw(int count, ulong seed, double spread, double offset)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            ulong z = (seed << 40) + ((ulong)i * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            values[i] = (float)(offset + (spread * (((z ^ (z >> 31)) >> 11) * (2.0 / (1UL << 53)) - 1)));
        }

        return values;
    }
}
