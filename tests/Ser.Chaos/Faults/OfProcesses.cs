using Ser.Chaos.Farm;

namespace Ser.Chaos.Faults;

/// <summary>What happens to schedulers and workers.</summary>
internal static class OfProcesses
{
    // Of a lease; see docs/job-lifecycle.md.
    private const double Lease = 8;

    /// <summary>SIGKILL: out of memory, power, a Slurm limit.</summary>
    public static Fault Kill(Member member) => new($"{Role(member)}-kill", member.Process.Name, member.Process.Name, () =>
    {
        member.Process.Kill();
        return Task.CompletedTask;
    });

    /// <summary>SIGTERM: a stop in good order.</summary>
    public static Fault Terminate(Member member) => new($"{Role(member)}-term", member.Process.Name, member.Process.Name, () =>
    {
        member.Process.Terminate();
        return Task.CompletedTask;
    });

    /// <summary>Stands still for longer than a lease, and goes on as if nothing had been: a sleeping machine, a hanging disk.</summary>
    public static Fault PauseLong(Member member, Dice dice) => Pause(member, dice.Seconds(Lease + 1, Lease + 7), "pause-long");

    /// <summary>The same for less than a lease.</summary>
    public static Fault PauseShort(Member member, Dice dice) => Pause(member, dice.Seconds(0.5, Lease - 1), "pause-short");

    private static Fault Pause(Member member, TimeSpan time, string kind) => new($"{Role(member)}-{kind}", member.Process.Name, $"{member.Process.Name} for {time.TotalSeconds:0.##} s", async () =>
    {
        member.Process.Pause();
        await Task.Delay(time);
        member.Process.GoOn();
    });

    private static string Role(Member member) => member.Process.Name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
}
