using System.Net;
using System.Net.Sockets;
using Ser.Chaos.Proxies;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Farm;

/// <summary>A scheduler and three workers, each a process with a folder of its own.</summary>
internal sealed class SmallFarm : IDisposable
{
    /// <summary>Bucket of the farm.</summary>
    public const string Bucket = "ser-chaos";

    private const int WorkerCount = 3;

    /// <param name="folder">Theirs lie below it.</param>
    /// <param name="servers">Reached through proxies.</param>
    /// <param name="timeline">Told of their ends.</param>
    public SmallFarm(string folder, ServerSet servers, Timeline timeline)
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        Scheduler = Of("scheduler", ["scheduler", "--listen", Address]);
        Workers = [.. Enumerable.Range(1, WorkerCount).Select(n => Of($"worker{n}", ["worker", "--name", $"worker{n}", "--slots", "1"]))];

        Member Of(string name, string[] args)
        {
            var ways = servers.All.ToDictionary(server => server, server => new Proxy(server.Port));
            string[] s3 = servers.S3Text.Split(';');
            var settings = new Dictionary<string, string>
            {
                ["SER_Postgres"] = ServerSet.AtPort(servers.PostgresText, ways[servers.Postgres].Port),
                ["SER_RabbitMq"] = ServerSet.AtPort(servers.RabbitMqText, ways[servers.RabbitMq].Port),
                ["SER_S3__Endpoint"] = ServerSet.AtPort(s3[0], ways[servers.S3].Port),
                ["SER_S3__Bucket"] = Bucket,
                ["SER_S3__AccessKey"] = s3[1],
                ["SER_S3__SecretKey"] = s3[2],
            };
            return new Member(new FarmProcess(name, Path.Combine(folder, name), settings, args, timeline), ways);
        }
    }

    /// <summary>Of the scheduler's API.</summary>
    public string Address { get; }

    /// <summary>The scheduler.</summary>
    public Member Scheduler { get; }

    /// <summary>Three.</summary>
    public IReadOnlyList<Member> Workers { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Member> All => [Scheduler, .. Workers];

    /// <summary>Starts every process and waits until the scheduler answers.</summary>
    public async Task StartAsync()
    {
        Scheduler.Process.Start();
        using var http = new HttpClient();
        for (bool ready = false; !ready; await Task.Delay(100))
        {
            if (Scheduler.Process.Exits.Count > 0)
            {
                throw new InvalidOperationException($"the scheduler does not start: {Scheduler.Process.Folder}.log");
            }

            try
            {
                ready = (await http.GetAsync($"{Address}/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }

        foreach (var worker in Workers)
        {
            worker.Process.Start();
        }
    }

    /// <summary>SIGTERM to the workers, at once.</summary>
    public Task EndWorkersAsync() => Task.WhenAll(Workers.Select(member => member.Process.EndAsync()));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in All)
        {
            member.Dispose();
        }
    }

    // A scheduler that is started again must be found where it was.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
