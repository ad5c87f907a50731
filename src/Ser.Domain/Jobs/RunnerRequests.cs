namespace Ser.Domain.Jobs;

/// <summary>Executes the requests that other processes leave for a runner.</summary>
public static class RunnerRequests
{
    /// <summary>Executes a request.</summary>
    /// <returns>Number of jobs that changed.</returns>
    /// <exception cref="InputException">There is no such sweep or job, or there is nothing to do.</exception>
    public static int Execute(this ISweepCommands sweeps, RunnerRequest request) => request.Kind switch
    {
        RequestKind.CancelSweep => sweeps.CancelSweep(request.Target),
        RequestKind.RetryJob => sweeps.RetryJob(request.Target),
        _ => throw new InvalidOperationException($"A runner cannot execute requests of kind {request.Kind}."),
    };
}
