using Ser.Chaos.Farm;

namespace Ser.Chaos.Faults;

/// <summary>Faults of the scheduler and the workers.</summary>
internal static class ProcessFaults
{
    // The length of a lease in seconds; see docs/job-lifecycle.md.
    private const double Lease = 8;

    /// <summary>SIGKILL, as from the out-of-memory killer, a power failure or a Slurm limit.</summary>
    public static Fault Kill(FarmMember member) => new($"{Role(member)}-kill", member.Process.Name, member.Process.Name, () =>
    {
        member.Process.Kill();
        return Task.CompletedTask;
    });

    /// <summary>SIGTERM: an orderly stop.</summary>
    public static Fault Terminate(FarmMember member) => new($"{Role(member)}-term", member.Process.Name, member.Process.Name, () =>
    {
        member.Process.Terminate();
        return Task.CompletedTask;
    });

    /// <summary>A pause longer than a lease, as from a sleeping machine or a hanging disk.</summary>
    public static Fault PauseLong(FarmMember member, SeededRandom random) =>
        Pause(member, random.Seconds(Lease + 1, Lease + 7), "pause-long");

    /// <summary>A pause shorter than a lease.</summary>
    public static Fault PauseShort(FarmMember member, SeededRandom random) => Pause(member, random.Seconds(0.5, Lease - 1), "pause-short");

    private static Fault Pause(FarmMember member, TimeSpan time, string kind)
    {
        string description = $"{member.Process.Name} for {time.TotalSeconds:0.##} s";
        return new Fault($"{Role(member)}-{kind}", member.Process.Name, description, async () =>
        {
            member.Process.Pause();
            await Task.Delay(time);
            member.Process.Resume();
        });
    }

    // "worker2" is a worker.
    private static string Role(FarmMember member) => member.Process.Name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
}
