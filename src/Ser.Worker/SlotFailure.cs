namespace Ser.Worker;

/// <summary>Carries the exception that ended a slot, nearly always a storage failure, to the code that runs the host.</summary>
public sealed class SlotFailure
{
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a slot has ended with an exception.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Reports the exception that ended a slot; only the first report counts.</summary>
    public void Report(Exception error) => _failed.TrySetResult(error);
}
