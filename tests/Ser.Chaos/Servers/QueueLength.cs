namespace Ser.Chaos.Servers;

/// <summary>A queue of the broker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Messages">The number of messages in it.</param>
internal sealed record QueueLength(string Name, int Messages);
