using System.Collections.Concurrent;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Requests to a runner: <see cref="IRunnerRequests"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void Requests_are_taken_once_in_order()
    {
        RunnerRequest[] left = [new(RequestKind.CancelSweep, "one"), new(RequestKind.RetryJob, "a")];
        foreach (var request in left)
        {
            Store().Requests.AddRequest(request);
        }

        Assert.Equal(left, Store().Requests.TakeRequests());
        Assert.Empty(Store().Requests.TakeRequests());
    }

    [Fact]
    public void Each_request_is_taken_once()
    {
        Enumerable.Range(0, 20).ToList().ForEach(at => Patient().Requests.AddRequest(new RunnerRequest(RequestKind.CancelSweep, $"{at}")));
        var taken = new ConcurrentBag<RunnerRequest>();
        Concurrently.Run(4, _ => Patient().Requests.TakeRequests().ToList().ForEach(taken.Add));

        Assert.Equal(20, taken.Count);
        Assert.Equal(20, taken.Distinct().Count());
    }
}
