namespace Ser.Chaos.Faults;

/// <summary>A fault that can be injected.</summary>
/// <param name="Kind">The kind by which faults are counted.</param>
/// <param name="Target">What it hits. Two faults at the same time have different targets.</param>
/// <param name="Description">A description with the target and the duration.</param>
/// <param name="InjectAsync">
/// Injects the fault, and afterwards repairs what a supervisor or an operator would: restarts a killed server, resumes a paused process.
/// </param>
internal sealed record Fault(string Kind, string Target, string Description, Func<Task> InjectAsync);
