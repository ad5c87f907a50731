using System.Text.RegularExpressions;

namespace Ser.Chaos.Servers;

/// <summary>A PostgreSQL, a RabbitMQ and an S3 server that run until this process ends.</summary>
internal sealed partial class ServerSet
{
    private readonly string _folder;
    private readonly string _services;
    private readonly Dictionary<string, string> _env;

    private ServerSet(string folder, string services, Dictionary<string, string> env)
    {
        (_folder, _services, _env) = (folder, services, env);
        Postgres = new Server("postgres", folder, services, PortOf(PostgresConnectionString));
        RabbitMq = new Server("rabbitmq", folder, services, PortOf(RabbitMqUri));
        S3 = new Server("ceph", folder, services, PortOf(S3Settings));
    }

    /// <summary>The job store.</summary>
    public Server Postgres { get; }

    /// <summary>The broker.</summary>
    public Server RabbitMq { get; }

    /// <summary>The gateway of the object store. The objects are in the memory of another process, which is not disturbed.</summary>
    public Server S3 { get; }

    /// <summary>All three.</summary>
    public IReadOnlyList<Server> All => [Postgres, RabbitMq, S3];

    /// <summary>The connection string of PostgreSQL.</summary>
    public string PostgresConnectionString => _env["SER_TEST_POSTGRES"];

    /// <summary>The address of RabbitMQ: amqp://…</summary>
    public string RabbitMqUri => _env["SER_TEST_RABBITMQ"];

    /// <summary>Address, access key and secret key of the object store, separated by semicolons.</summary>
    public string S3Settings => _env["SER_TEST_S3"];

    /// <summary>Starts the servers.</summary>
    /// <param name="folder">A folder with a short path that other users can read.</param>
    /// <param name="services">The folder eng/services.</param>
    /// <returns>Null where the packages are not installed.</returns>
    public static async Task<ServerSet?> StartAsync(string folder, string services)
    {
        string log = folder + ".log";
        int code = await Processes.RunAsync(log, Path.Combine(services, "start"), folder, $"{Environment.ProcessId}");
        if (code != 0)
        {
            throw new InvalidOperationException($"the servers did not start: {await File.ReadAllTextAsync(log)}");
        }

        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, "env"));
        var env = lines.Select(line => Export().Match(line))
            .Where(match => match.Success)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        if (env.Count < 3 || !Directory.Exists(Path.Combine(folder, "ceph")))
        {
            await Processes.RunAsync(log, Path.Combine(services, "stop"), folder);
            return null;
        }

        return new ServerSet(folder, services, env);
    }

    /// <summary>Ends the servers and deletes their data.</summary>
    public Task StopAsync() => Processes.RunAsync(_folder + ".log", Path.Combine(_services, "stop"), _folder);

    /// <summary>Replaces the port in a connection string or address.</summary>
    public static string WithPort(string text, int port) => Port().Replace(text, $"${{1}}{port}", 1);

    private static int PortOf(string text) => int.Parse(Port().Match(text).Groups[2].Value);

    [GeneratedRegex("^export (?<name>[A-Z0-9_]+)='(?<value>.*)'$", RegexOptions.ExplicitCapture)]
    private static partial Regex Export();

    [GeneratedRegex("(127\\.0\\.0\\.1:|Port=)([0-9]+)")]
    private static partial Regex Port();
}
