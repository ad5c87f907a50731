namespace Ser.Chaos.Servers;

/// <summary>What a broker holds.</summary>
internal static class Queues
{
    /// <summary>Names and numbers of messages.</summary>
    public static async Task<IReadOnlyList<(string Name, int Messages)>> AllAsync(Server broker) =>
        [.. Lines(await broker.AskAsync("ctl", "-q", "list_queues", "--no-table-headers", "name", "messages")).Select(line => line.Split('\t')).Select(parts => (parts[0], int.Parse(parts[1])))];

    /// <summary>Connections of clients.</summary>
    public static async Task<int> ConnectionsAsync(Server broker) => Lines(await broker.AskAsync("ctl", "-q", "list_connections", "--no-table-headers", "name")).Length;

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
