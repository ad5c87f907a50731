using System.Diagnostics;
using System.Threading.Channels;
using MassTransit;
using Ser.Domain.Jobs;
using Ser.Storage.Messages;
using Ser.TestSupport;

namespace Ser.Bench.Farm;

/// <summary>Receives offers and records when each arrived.</summary>
internal sealed class BenchOffers : IConsumer<JobOffered>
{
    private static readonly TimeSpan BatchWindow = TimeSpan.FromMilliseconds(10);
    private readonly Channel<long> _arrived = Channel.CreateUnbounded<long>();

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<JobOffered> context)
    {
        _arrived.Writer.TryWrite(Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <summary>Discards the offers that no worker has taken.</summary>
    public void Clear()
    {
        while (_arrived.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Waits for an offer, and takes with it those that follow within milliseconds.</summary>
    /// <returns>When each arrived, the earliest first; empty when no offer arrives within <paramref name="timeout"/>.</returns>
    public async Task<List<long>> TakeAsync(int maxCount, TimeSpan timeout, CancellationToken stop)
    {
        var taken = new List<long>();
        while (taken.Count < maxCount && await ArrivesAsync(taken.Count == 0 ? timeout : BatchWindow, stop))
        {
            while (taken.Count < maxCount && _arrived.Reader.TryRead(out long timestamp))
            {
                taken.Add(timestamp);
            }
        }

        return taken;
    }

    private async Task<bool> ArrivesAsync(TimeSpan timeout, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        try
        {
            return await _arrived.Reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>A worker whose jobs do nothing: for each offer it claims a job, completes it and announces the result.</summary>
internal sealed class BenchWorker(string name, IJobLeases jobs, BenchOffers offers, IBus bus)
{
    // Free slots announced for each job of a claim: while the worker claims for one batch, the offers of the next arrive.
    private const int SlotsPerClaim = 2;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Milliseconds from the arrival of an offer until its claim returned, with or without a job.</summary>
    public List<double> ClaimMs { get; } = [];

    /// <summary>Number of results that it has published.</summary>
    public int Completed { get; private set; }

    private ClaimRequest Request { get; } = new($"{name}/1", BenchPlan.Stages);

    /// <summary>Works until it is stopped.</summary>
    /// <param name="batch">Largest number of jobs in one claim.</param>
    /// <param name="announcesSlots">Whether it announces its free slots itself.</param>
    /// <param name="stop">Stops it.</param>
    public async Task RunAsync(int batch, bool announcesSlots, CancellationToken stop)
    {
        int free = SlotsPerClaim * batch, announcements = 0;
        while (!stop.IsCancellationRequested)
        {
            if (announcesSlots)
            {
                var request = Request with { Worker = $"{name}/{++announcements}" };
                await bus.PublishBestEffortAsync(new SlotsFree(request, free), CancellationToken.None);
            }

            var arrivals = await offers.TakeAsync(batch, PollInterval, stop);
            free = arrivals.Count > 0 ? arrivals.Count : SlotsPerClaim * batch;
            if (arrivals.Count == 0)
            {
                continue;
            }

            var claimed = jobs.Claim(Request, arrivals.Count);
            ClaimMs.Add(Stopwatch.GetElapsedTime(arrivals[0]).TotalMilliseconds);
            if (claimed.Count > 0)
            {
                jobs.Complete([.. claimed.Select(job => new PublishedResult(job.Lease, $"digest of {job.Lease.JobId}"))]);
                Completed += claimed.Count;

                // One message is enough: the scheduler then checks every published result.
                var first = claimed[0].Lease;
                await bus.PublishBestEffortAsync(new AttemptCompleted(first.JobId, first.Attempt), CancellationToken.None);
            }
        }
    }
}
