using Ser.Client;
using Ser.Domain;

namespace Ser.Dashboard.Actions;

/// <summary>An experiment as it was planned: what is submitted is what was shown.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Text">The plan as `ser plan` prints it.</param>
/// <param name="Warnings">What is odd but can be lived with.</param>
/// <param name="Jobs">Ids of its jobs.</param>
/// <param name="SubmitAsync">Hands this plan to a scheduler, with the inputs that it lacks.</param>
public sealed record PlannedSweep(string Name, string Text, IReadOnlyList<string> Warnings, IReadOnlyList<string> Jobs, Func<SerServer, CancellationToken, Task<SubmittedAnswer>> SubmitAsync);

/// <summary>Plans an experiment on the dashboard's machine, as `ser submit` does. Needs corpus, weights and libtorch there.</summary>
/// <param name="yaml">Text of an experiment file.</param>
/// <param name="done">Which of some jobs are done already.</param>
/// <exception cref="Ser.Domain.InputException">The experiment is wrong; every problem is named.</exception>
public delegate PlannedSweep Planner(string yaml, Func<IReadOnlyCollection<string>, IReadOnlySet<string>> done);
