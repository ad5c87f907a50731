namespace Ser.Storage.Tests.Jobs;

/// <summary>Runs the same action on several threads that begin together.</summary>
internal static class Concurrently
{
    /// <summary>Waits for all threads, and fails with the first failure.</summary>
    public static void Run(int threads, Action<int> work)
    {
        using var begin = new Barrier(threads);
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var all = Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            begin.SignalAndWait();
            try
            {
                work(index);
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        if (failures.TryDequeue(out var first))
        {
            throw new InvalidOperationException($"{failures.Count + 1} of {threads} threads failed; the first: {first.Message}", first);
        }
    }
}
