using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>Executes the requests that other processes have left for this runner.</summary>
public sealed class PendingRequests(IRunnerRequests requests, ISweepCommands sweeps, ILogger<PendingRequests> log)
{
    /// <summary>Executes all pending requests, oldest first. One that can no longer be executed is logged.</summary>
    public void RunOnce()
    {
        foreach (var request in requests.TakeRequests())
        {
            Execute(request);
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
        catch (Exception failed) when (failed is not StorageException)
        {
            // A request is taken once, so that it is not tried again; the others are carried out.
            log.LogError(failed, "{Kind} {Target} could not be carried out: request it again", request.Kind, request.Target);
        }
    }
}
