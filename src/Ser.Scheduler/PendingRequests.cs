using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>Executes the requests that other processes have left for this runner.</summary>
public sealed class PendingRequests(
    IRunnerRequests requests, ISweepCommands sweeps, FailureIsolation isolation, ILogger<PendingRequests> log)
{
    /// <summary>Executes all pending requests, oldest first. One that can no longer be executed is logged.</summary>
    public void RunOnce()
    {
        foreach (var request in requests.TakeRequests())
        {
            isolation.Run("request", $"{request.Kind} {request.Target}", () => Execute(request));
        }
    }

    private void Execute(RunnerRequest request)
    {
        try
        {
            int changed = sweeps.Execute(request);
            log.LogInformation("{Kind} {Target}: {Changed} jobs changed", request.Kind, request.Target, changed);
        }
        catch (InputException wrong)
        {
            log.LogWarning("{Kind} {Target}: {Why}", request.Kind, request.Target, wrong.Message);
        }
    }
}
