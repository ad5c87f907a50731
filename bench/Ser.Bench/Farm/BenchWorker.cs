using System.Diagnostics;
using System.Threading.Channels;
using MassTransit;
using Ser.Domain.Jobs;
using Ser.Storage.Messages;
using Ser.TestSupport;

namespace Ser.Bench.Farm;

/// <summary>Hears offers and keeps when each arrived.</summary>
internal sealed class BenchOffers : IConsumer<JobOffered>
{
    private static readonly TimeSpan Closely = TimeSpan.FromMilliseconds(10);
    private readonly Channel<long> arrived = Channel.CreateUnbounded<long>();

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<JobOffered> context)
    {
        arrived.Writer.TryWrite(Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <summary>Forgets those that nobody has taken.</summary>
    public void Forget()
    {
        while (arrived.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Waits for an offer, and takes those that follow it closely.</summary>
    /// <returns>When each arrived, the first first; none when <paramref name="patience"/> is over.</returns>
    public async Task<List<long>> TakeAsync(int most, TimeSpan patience, CancellationToken stop)
    {
        var taken = new List<long>();
        while (taken.Count < most && await ArrivesAsync(taken.Count == 0 ? patience : Closely, stop))
        {
            while (taken.Count < most && arrived.Reader.TryRead(out long at))
            {
                taken.Add(at);
            }
        }

        return taken;
    }

    private async Task<bool> ArrivesAsync(TimeSpan patience, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        try
        {
            return await arrived.Reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>A worker whose jobs do nothing: for each offer it claims a job, offers a result, says so.</summary>
internal sealed class BenchWorker(string name, IJobStore jobs, BenchOffers offers, IBus bus)
{
    // Slots beyond those of one claim: while it claims for some, offers for the others arrive.
    private const int Ahead = 2;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>Milliseconds from the arrival of an offer until its job, or none, was claimed.</summary>
    public List<double> ClaimMs { get; } = [];

    /// <summary>Results that it has offered.</summary>
    public int Offered { get; private set; }

    private ClaimRequest Request { get; } = new($"{name}/1", BenchPlan.Stages);

    /// <summary>Works until it is stopped.</summary>
    /// <param name="batch">Jobs at most in one claim.</param>
    /// <param name="asks">Whether it says itself that its slots are free.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(int batch, bool asks, CancellationToken stop)
    {
        int free = Ahead * batch, asked = 0;
        while (!stop.IsCancellationRequested)
        {
            if (asks)
            {
                await bus.SayAsync(new SlotsFree(Request with { Worker = $"{name}/{++asked}" }, free), CancellationToken.None);
            }

            var heard = await offers.TakeAsync(batch, AskAgain, stop);
            free = heard.Count > 0 ? heard.Count : Ahead * batch;
            if (heard.Count == 0)
            {
                continue;
            }

            var claimed = jobs.Claim(Request, heard.Count);
            ClaimMs.Add(Stopwatch.GetElapsedTime(heard[0]).TotalMilliseconds);
            if (claimed.Count > 0)
            {
                jobs.Offer([.. claimed.Select(job => new PublishedResult(job.Lease, $"digest of {job.Lease.JobId}"))]);
                Offered += claimed.Count;
                await bus.SayAsync(new ResultOffered(claimed[0].Lease.JobId, claimed[0].Lease.Attempt), CancellationToken.None); // has everything looked at
            }
        }
    }
}
