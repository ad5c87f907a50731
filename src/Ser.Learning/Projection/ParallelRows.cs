namespace Ser.Learning.Projection;

/// <summary>
/// Parallel loops over rows. Every row must write only its own elements, so that results do not depend on the number of threads.
/// </summary>
internal static class ParallelRows
{
    private const int BlocksPerThread = 4;

    /// <summary>Calls <paramref name="body"/> with ranges (first, end) that cover 0 .. <paramref name="count"/> once.</summary>
    internal static void For(int count, int threads, Action<int, int> body, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        if (threads == 1 || count < 2)
        {
            body(0, count);
            return;
        }

        int blocks = Math.Min(count, threads * BlocksPerThread);
        Parallel.For(
            0,
            blocks,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            block => body((int)((long)count * block / blocks), (int)((long)count * (block + 1) / blocks)));
    }
}
