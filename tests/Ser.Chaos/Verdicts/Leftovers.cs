using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Verdicts;

/// <summary>Counts what is left behind in the servers and folders when every process of the farm has ended.</summary>
internal static class Leftovers
{
    // Messages expire after 10 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>Counts leftovers by kind; all counts should be 0.</summary>
    public static async Task<SortedDictionary<string, int>> CountAsync(
        ServerSet servers,
        SmallFarm farm,
        JobTable jobs,
        ObjectList objects)
    {
        const string Connections = """
            SELECT count(*)::text FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
            """;
        var queues = await WaitForEmptyQueuesAsync(servers.RabbitMq);
        return new SortedDictionary<string, int>
        {
            ["messages"] = queues.Sum(queue => queue.Messages),
            ["queuesOfOneProcess"] = queues.Count(queue => !queue.Name.StartsWith("ser-", StringComparison.Ordinal)),
            ["connectionsToBroker"] = await Queues.CountConnectionsAsync(servers.RabbitMq),
            ["connectionsToDatabase"] = await jobs.QueryNumberAsync(Connections),
            ["leases"] = await jobs.QueryNumberAsync("""SELECT count(*)::text FROM jobs WHERE "State" = 'Running'"""),
            ["openAttempts"] = await jobs.QueryNumberAsync(
                """SELECT count(*)::text FROM attempts WHERE "Outcome" IN ('Running', 'Completed')"""),
            ["requests"] = await jobs.QueryNumberAsync("SELECT count(*)::text FROM requests"),
            ["workers"] = await jobs.QueryNumberAsync("SELECT count(*)::text FROM workers"),
            ["unfinishedUploads"] = objects.Uploads.Count,
            ["checkpoints"] = objects.Checkpoints.Count,
            ["filesInTheMaking"] = farm.All.Sum(member => TemporaryFiles(member.Process.Folder)),
        };
    }

    private static async Task<IReadOnlyList<QueueLength>> WaitForEmptyQueuesAsync(Server broker)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var queues = await Queues.ListAsync(broker);
            if (queues.Sum(queue => queue.Messages) == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(began) > Patience)
            {
                return queues;
            }

            await Task.Delay(1000);
        }
    }

    private static int TemporaryFiles(string folder)
    {
        var work = Files(Path.Combine(folder, "work"));
        var parts = Files(Path.Combine(folder, "artifacts", "holders")).Where(file => file.Split('/').Contains("parts"));
        return work.Count() + parts.Count();
    }

    private static IEnumerable<string> Files(string folder) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal));
}
