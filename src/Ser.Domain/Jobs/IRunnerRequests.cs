namespace Ser.Domain.Jobs;

/// <summary>Requests that other processes leave for the runner of a data folder, which alone may change jobs.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IRunnerRequests
{
    /// <summary>Adds a request for the runner.</summary>
    void AddRequest(RunnerRequest request);

    /// <summary>Removes and returns the pending requests, oldest first.</summary>
    IReadOnlyList<RunnerRequest> TakeRequests();
}
