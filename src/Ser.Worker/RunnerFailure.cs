namespace Ser.Worker;

/// <summary>Carries what ended a slot, nearly always a failure of the storage, to whoever runs the host.</summary>
public sealed class RunnerFailure
{
    private readonly TaskCompletionSource<Exception> failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a slot has ended so.</summary>
    public Task<Exception> Failed => failed.Task;

    /// <summary>A slot has ended so; the first report counts.</summary>
    public void Report(Exception error) => failed.TrySetResult(error);
}
