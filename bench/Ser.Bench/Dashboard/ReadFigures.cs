using System.Diagnostics;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Bench.Dashboard;

/// <summary>Times of reads of a large store in milliseconds, each the median of five.</summary>
/// <param name="Jobs">Number of jobs in the store; not a time.</param>
/// <param name="Overview">The summary of all sweeps.</param>
/// <param name="Version">The version of the whole store.</param>
/// <param name="WideSweep">The wide sweep with all its jobs.</param>
/// <param name="WideVersion">The version of the wide sweep.</param>
/// <param name="JobsPage">The first fifty of all jobs.</param>
/// <param name="JobsByWord">The first fifty jobs that match a search.</param>
public sealed record ReadFigures(
    int Jobs,
    double Overview,
    double Version,
    double WideSweep,
    double WideVersion,
    double JobsPage,
    double JobsByWord)
{
    private const int Rounds = 5, PageSize = 50;

    /// <summary>Measures the reads of a store.</summary>
    public static ReadFigures Measure(IJobReads reads) => new(
        Jobs: reads.CountsByState().Values.Sum(),
        Overview: Median(() => reads.Overviews()),
        Version: Median(() => reads.Version()),
        WideSweep: Median(() => reads.Sweep(LargeStore.Wide)),
        WideVersion: Median(() => reads.Version(LargeStore.Wide)),
        JobsPage: Median(() => reads.SearchJobs(new JobQuery(), 0, PageSize)),
        JobsByWord: Median(() => reads.SearchJobs(new JobQuery("Evaluate s05"), 0, PageSize)));

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
