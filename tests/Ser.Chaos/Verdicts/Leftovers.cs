using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Verdicts;

/// <summary>What is left behind when every process of the farm has ended.</summary>
internal static class Leftovers
{
    // Messages last 10 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>Counts; all should be 0.</summary>
    public static async Task<SortedDictionary<string, int>> CountAsync(ServerSet servers, SmallFarm farm, JobTable jobs, ObjectList objects)
    {
        var queues = await EmptiedAsync(servers.RabbitMq);
        return new SortedDictionary<string, int>
        {
            ["messages"] = queues.Sum(queue => queue.Messages),
            ["queuesOfOneProcess"] = queues.Count(queue => !queue.Name.StartsWith("ser-", StringComparison.Ordinal)),
            ["connectionsToBroker"] = await Queues.ConnectionsAsync(servers.RabbitMq),
            ["connectionsToDatabase"] = await jobs.NumberAsync("SELECT count(*)::text FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"),
            ["leases"] = await jobs.NumberAsync("""SELECT count(*)::text FROM jobs WHERE "State" = 'Running'"""),
            ["openAttempts"] = await jobs.NumberAsync("""SELECT count(*)::text FROM attempts WHERE "Outcome" IN ('Running', 'Offered')"""),
            ["requests"] = await jobs.NumberAsync("SELECT count(*)::text FROM requests"),
            ["workers"] = await jobs.NumberAsync("SELECT count(*)::text FROM workers"),
            ["unfinishedUploads"] = objects.Uploads.Count,
            ["checkpoints"] = objects.Checkpoints.Count,
            ["filesInTheMaking"] = farm.All.Sum(member => InTheMaking(member.Process.Folder)),
        };
    }

    private static async Task<IReadOnlyList<(string Name, int Messages)>> EmptiedAsync(Server broker)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var queues = await Queues.AllAsync(broker);
            if (queues.Sum(queue => queue.Messages) == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(began) > Patience)
            {
                return queues;
            }

            await Task.Delay(1000);
        }
    }

    private static int InTheMaking(string folder) => Files(Path.Combine(folder, "work")) + Files(Path.Combine(folder, "artifacts", "holders"), "parts");

    private static int Files(string folder, string? within = null) => !Directory.Exists(folder) ? 0 : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Count(file => !file.EndsWith(".lock", StringComparison.Ordinal) && (within is null || file.Split('/').Contains(within)));
}
