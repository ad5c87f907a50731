using System.CommandLine;
using Ser.Client;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Results.Bundles;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Remote;

/// <summary>
/// The results of a sweep, wherever it is: in a data folder, imported into one, or with a scheduler, whose bundle is downloaded.
/// </summary>
internal sealed class SweepSourceFromCommandLine : IDisposable
{
    private readonly Action _close;

    private SweepSourceFromCommandLine(string name, ISweepReads reads, IArtifactStore artifacts, Action close)
    {
        (Name, Reads, Artifacts) = (name, reads, artifacts);
        _close = close;
    }

    internal string Name { get; }

    internal ISweepReads Reads { get; }

    internal IArtifactStore Artifacts { get; }

    /// <summary>Opens the sweep of the scheduler or the data folder that the command line gives.</summary>
    internal static async Task<SweepSourceFromCommandLine> OpenAsync(ParseResult parsed, string name, CancellationToken stop)
    {
        using var server = SchedulerOptions.Connect(parsed);
        if (server is not null)
        {
            return await DownloadAsync(server, name, stop);
        }

        var data = DataFolder.OpenForReading(CommandLine.DataFolder(parsed));
        var (reads, artifacts) = SweepSource.Find(data, name);
        return new SweepSourceFromCommandLine(name, reads, artifacts, data.Dispose);
    }

    /// <inheritdoc/>
    public void Dispose() => _close();

    private static async Task<SweepSourceFromCommandLine> DownloadAsync(SchedulerClient server, string name, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("ser-sweep-").FullName;
        try
        {
            string bundle = Path.Combine(folder, "bundle.zip");
            await server.DownloadAsync(BundlePath(name, weights: false), bundle, stop);
            var opened = BundleFolder.Unpack(bundle, Path.Combine(folder, "bundle"), $"{server.Address}");
            return new SweepSourceFromCommandLine(name, opened, opened.Artifacts, () => Directory.Delete(folder, recursive: true));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The path of a sweep's bundle in the scheduler's API.</summary>
    internal static string BundlePath(string name, bool weights) =>
        $"api/sweeps/{Uri.EscapeDataString(name)}/bundle{(weights ? "?weights=true" : "")}";
}
