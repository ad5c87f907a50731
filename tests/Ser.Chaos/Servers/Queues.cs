namespace Ser.Chaos.Servers;

/// <summary>The queues and connections of the broker.</summary>
internal static class Queues
{
    /// <summary>All queues with the number of messages in each.</summary>
    public static async Task<IReadOnlyList<QueueLength>> ListAsync(Server broker)
    {
        string text = await broker.RunScriptAsync("ctl", "-q", "list_queues", "--no-table-headers", "name", "messages");
        return [.. Lines(text).Select(line => line.Split('\t')).Select(parts => new QueueLength(parts[0], int.Parse(parts[1])))];
    }

    /// <summary>Deletes every message.</summary>
    public static Task PurgeAsync(Server broker) =>
        broker.RunScriptAsync("ctl", "-q", "eval", "[rabbit_amqqueue:purge(Queue) || Queue <- rabbit_amqqueue:list()].");

    /// <summary>The number of client connections.</summary>
    public static async Task<int> CountConnectionsAsync(Server broker)
    {
        string text = await broker.RunScriptAsync("ctl", "-q", "list_connections", "--no-table-headers", "name");
        return Lines(text).Length;
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
