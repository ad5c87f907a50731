using System.Diagnostics;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Bench.Dashboard;

/// <summary>What reads of a large store take, in milliseconds: medians of five.</summary>
/// <param name="Jobs">Jobs of the store.</param>
/// <param name="Overview">All sweeps in few words.</param>
/// <param name="Mark">Whether anything has changed.</param>
/// <param name="WideSweep">The wide sweep with all its jobs.</param>
/// <param name="WideMark">Whether anything of it has changed.</param>
/// <param name="JobsPage">The first fifty jobs of all.</param>
/// <param name="JobsByWord">The first fifty jobs of those that have a word.</param>
public sealed record ReadFigures(int Jobs, double Overview, double Mark, double WideSweep, double WideMark, double JobsPage, double JobsByWord)
{
    private const int Rounds = 5, Page = 50;

    /// <summary>Measures.</summary>
    public static ReadFigures Of(IJobReads reads) => new(
        reads.Counts().Values.Sum(), Median(() => reads.Overview()), Median(() => reads.Mark()), Median(() => reads.Sweep(LargeStore.Wide)), Median(() => reads.Mark(LargeStore.Wide)),
        Median(() => reads.Search(new JobQuery(), 0, Page)), Median(() => reads.Search(new JobQuery("Evaluate s05"), 0, Page)));

    private static double Median(Action read)
    {
        var times = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            read();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return Math.Round(times.Order().ElementAt(Rounds / 2), 1);
    }
}
