using System.Globalization;

namespace Ser.Cli.Doctor.Machine;

/// <summary>
/// Whether the clock is plausible: not before the program was built, not before the data folder was last written,
/// and no step between the creation of this check and its run.
/// </summary>
internal sealed class ClockCheck(TimeProvider clock, string dataFolder) : ICheck
{
    private const string SetClock = "set the clock: timedatectl set-ntp true";
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);
    private readonly DateTimeOffset _wallClockStart = clock.GetUtcNow();
    private readonly long _monotonicStart = clock.GetTimestamp();

    public string Name => "clock";

    public Finding Run()
    {
        var now = clock.GetUtcNow();
        string detail = now.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var step = now - _wallClockStart - clock.GetElapsedTime(_monotonicStart);
        if (step.Duration() > Tolerance)
        {
            return Finding.Warning(
                string.Create(CultureInfo.InvariantCulture, $"{detail}; it stepped by {step.TotalSeconds:+0.0;-0.0} s during these checks"),
                "let chrony or systemd-timesyncd slew the clock; leases are not affected, times in the tables of attempts are");
        }

        if (Newest(AppContext.BaseDirectory, "ser.dll") is { } built && now < built - TimeSpan.FromDays(1))
        {
            return Finding.Failure($"{detail}, but this program was built on {built:yyyy-MM-dd}", SetClock);
        }

        return Newest(dataFolder, "ser.db*") is { } written && written > now + Tolerance
            ? Finding.Warning(
                $"{detail}, but the data folder was written at {written:yyyy-MM-dd HH:mm:ss} UTC: the clock has been set back, or was fast",
                $"{SetClock}; results do not depend on it, but displayed times do")
            : Finding.Ok(detail);
    }

    private static DateTimeOffset? Newest(string folder, string pattern)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var times = Directory.EnumerateFiles(folder, pattern).Select(File.GetLastWriteTimeUtc);
        return times.Max(time => (DateTimeOffset?)new DateTimeOffset(time, TimeSpan.Zero));
    }
}
