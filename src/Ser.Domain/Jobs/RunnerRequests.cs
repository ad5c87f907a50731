namespace Ser.Domain.Jobs;

/// <summary>How a runner honours requests.</summary>
public static class RunnerRequests
{
    /// <summary>Makes the transition that <paramref name="request"/> asks for.</summary>
    /// <returns>How many jobs changed.</returns>
    /// <exception cref="InputException">The sweep or job is not there, or there is nothing to do.</exception>
    public static int Honour(this IJobStore jobs, RunnerRequest request) => request.Kind switch
    {
        RequestKind.CancelSweep => jobs.CancelSweep(request.Target),
        RequestKind.RetryJob => jobs.RetryJob(request.Target),
        _ => throw new InvalidOperationException($"No runner honours requests of kind {request.Kind}."),
    };
}
