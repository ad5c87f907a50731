using System.Net;
using System.Net.Sockets;
using Ser.Chaos.Proxies;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Farm;

/// <summary>A scheduler and three workers, each a process with a folder of its own.</summary>
internal sealed class SmallFarm : IDisposable
{
    /// <summary>The bucket of the farm in the object store.</summary>
    public const string Bucket = "ser-chaos";

    private const int WorkerCount = 3;

    /// <param name="folder">The parent of the processes' data folders.</param>
    /// <param name="servers">The servers, which each process reaches through proxies of its own.</param>
    /// <param name="timeline">Records unexpected ends of processes.</param>
    public SmallFarm(string folder, ServerSet servers, Timeline timeline)
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        Scheduler = Create("scheduler", ["scheduler", "--listen", Address]);
        Workers = [.. Enumerable.Range(1, WorkerCount).Select(n => CreateWorker($"worker{n}"))];

        FarmMember CreateWorker(string name) => Create(name, ["worker", "--name", name, "--slots", "1"]);

        FarmMember Create(string name, string[] args)
        {
            var proxies = servers.All.ToDictionary(server => server, server => new Proxy(server.Port));
            string[] s3 = servers.S3Settings.Split(';');
            var settings = new Dictionary<string, string>
            {
                ["SER_Postgres"] = ServerSet.WithPort(servers.PostgresConnectionString, proxies[servers.Postgres].Port),
                ["SER_RabbitMq"] = ServerSet.WithPort(servers.RabbitMqUri, proxies[servers.RabbitMq].Port),
                ["SER_S3__Endpoint"] = ServerSet.WithPort(s3[0], proxies[servers.S3].Port),
                ["SER_S3__Bucket"] = Bucket,
                ["SER_S3__AccessKey"] = s3[1],
                ["SER_S3__SecretKey"] = s3[2],
            };
            return new FarmMember(new FarmProcess(name, Path.Combine(folder, name), settings, args, timeline), proxies);
        }
    }

    /// <summary>The address of the scheduler's API.</summary>
    public string Address { get; }

    /// <summary>The scheduler.</summary>
    public FarmMember Scheduler { get; }

    /// <summary>The three workers.</summary>
    public IReadOnlyList<FarmMember> Workers { get; }

    /// <summary>The scheduler and the workers.</summary>
    public IReadOnlyList<FarmMember> All => [Scheduler, .. Workers];

    /// <summary>Starts every process and waits until the scheduler answers.</summary>
    public async Task StartAsync()
    {
        Scheduler.Process.Start();
        using var http = new HttpClient();
        for (bool ready = false; !ready; await Task.Delay(100))
        {
            if (Scheduler.Process.UnexpectedExits.Count > 0)
            {
                throw new InvalidOperationException($"the scheduler does not start: {Scheduler.Process.Folder}.log");
            }

            try
            {
                ready = (await http.GetAsync($"{Address}/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                // The scheduler does not listen yet.
            }
        }

        foreach (var worker in Workers)
        {
            worker.Process.Start();
        }
    }

    /// <summary>Sends SIGTERM to all workers at once and waits for their ends.</summary>
    public Task StopWorkersAsync() => Task.WhenAll(Workers.Select(member => member.Process.StopAsync()));

    /// <summary>
    /// Resets all remaining connections. On a real network a server's keep-alive ends a connection that carries nothing;
    /// here the proxy, on the same machine, answers it.
    /// </summary>
    public void ResetConnections()
    {
        foreach (var proxy in All.SelectMany(member => member.Proxies.Values))
        {
            proxy.ResetConnections();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in All)
        {
            member.Dispose();
        }
    }

    // The port is chosen here, so that a restarted scheduler listens on the same one.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
