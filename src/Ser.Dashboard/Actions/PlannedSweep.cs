using Ser.Client;
using Ser.Domain;

namespace Ser.Dashboard.Actions;

/// <summary>A planned experiment. Submitting it submits exactly the plan that was shown.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Text">The plan as `ser plan` prints it.</param>
/// <param name="Warnings">Unusual settings that do not prevent a run.</param>
/// <param name="Jobs">Ids of its jobs.</param>
/// <param name="SubmitAsync">Submits this plan to a scheduler and uploads the inputs that the scheduler lacks.</param>
public sealed record PlannedSweep(
    string Name,
    string Text,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Jobs,
    Func<SerServer, CancellationToken, Task<SubmittedAnswer>> SubmitAsync);

/// <summary>
/// Plans an experiment on the dashboard's machine, as `ser submit` does. The machine needs the corpus, the weights and libtorch.
/// </summary>
/// <param name="yaml">Text of an experiment file.</param>
/// <param name="done">Selects the jobs that are already done from the given job ids.</param>
/// <exception cref="Ser.Domain.InputException">The experiment is invalid; the message names every problem.</exception>
public delegate PlannedSweep Planner(string yaml, Func<IReadOnlyCollection<string>, IReadOnlySet<string>> done);
