namespace Ser.Chaos.Faults;

/// <summary>Something that goes wrong.</summary>
/// <param name="Kind">For counting.</param>
/// <param name="Target">Of two at once no two have the same.</param>
/// <param name="What">In words, with its numbers.</param>
/// <param name="Strike">Does it, and makes good what a supervisor or an operator would: a dead server is started again, a paused process goes on.</param>
internal sealed record Fault(string Kind, string Target, string What, Func<Task> Strike);
