using System.Globalization;
using Microsoft.Extensions.Configuration;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Server.Hosts;
using Ser.Worker;

namespace Ser.Cli.Hosts;

/// <summary>Reads the settings of a worker: the section Worker (Name, Slots, Labels, IdleAfter, MaxTime, Timings).</summary>
internal static class WorkerConfiguration
{
    private const int MostSlots = 1024;
    private const int LongestWorkerName = 60;

    // A running training step may take this long to stop; the whole process ends within 20 s of a signal.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan DefaultIdleAfter = TimeSpan.FromSeconds(10);

    internal static WorkerSettings Read(
        IConfiguration configuration,
        Composition stores,
        string device,
        bool untilIdle,
        List<string> problems)
    {
        problems.AddRange(HostConfiguration.UnknownKeys(configuration, "Worker"));
        string name = configuration["Worker:Name"] is { Length: > 0 } given ? given : Environment.MachineName;
        if (name.Length > LongestWorkerName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            problems.Add($"Worker:Name is '{name}': it should have at most {LongestWorkerName} letters, digits and . _ -");
        }

        string slotsText = configuration["Worker:Slots"] ?? "1";
        if (!int.TryParse(slotsText, CultureInfo.InvariantCulture, out int slots) || slots is < 1 or > MostSlots)
        {
            problems.Add($"Worker:Slots is '{slotsText}': it should be a number from 1 to {MostSlots}");
        }

        string[] labels = [.. HostConfiguration.List(configuration, "Worker:Labels", "")];
        var idleAfter = HostConfiguration.Time(configuration, "Worker:IdleAfter", problems);
        return new WorkerSettings(name, slots, stores.Work, stores.Cache)
        {
            Device = device,
            Ability = new WorkerCapabilities(device, Machine.MemoryGiB(device), labels),
            Labels = labels,
            IdleAfter = untilIdle ? idleAfter ?? DefaultIdleAfter : idleAfter,
            MaxTime = HostConfiguration.Time(configuration, "Worker:MaxTime", problems),
            StopWithin = StopWithin,
            Timings = HostConfiguration.ReadWorkerTimings(configuration, problems),
        };
    }
}
