using System.Globalization;

namespace Ser.Cli.Doctor.Machine;

/// <summary>
/// Whether the clock is sane: not before the program was built, not behind what the data folder holds, and no step between the making of this check and its end.
/// </summary>
internal sealed class ClockCheck(TimeProvider clock, string dataFolder) : ICheck
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);
    private readonly DateTimeOffset wall = clock.GetUtcNow();
    private readonly long steady = clock.GetTimestamp();

    public string Name => "clock";

    public Finding Look()
    {
        var now = clock.GetUtcNow();
        string detail = now.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var step = now - wall - clock.GetElapsedTime(steady);
        if (step.Duration() > Slack)
        {
            return Finding.Warning(
                string.Create(CultureInfo.InvariantCulture, $"{detail}; it stepped by {step.TotalSeconds:+0.0;-0.0} s while this ran"), "let chrony or systemd-timesyncd slew the clock; leases are safe, times in the tables of attempts are not");
        }

        if (Newest(AppContext.BaseDirectory, "ser.dll") is { } built && now < built - TimeSpan.FromDays(1))
        {
            return Finding.Failure($"{detail}, but this program was built on {built:yyyy-MM-dd}", "set the clock: timedatectl set-ntp true");
        }

        return Newest(dataFolder, "ser.db*") is { } written && written > now + Slack
            ? Finding.Warning($"{detail}, but the data folder was written at {written:yyyy-MM-dd HH:mm:ss} UTC: the clock has been set back, or was ahead", "set the clock: timedatectl set-ntp true; results do not depend on it, times shown do")
            : Finding.Ok(detail);
    }

    private static DateTimeOffset? Newest(string folder, string files) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, files).Select(file => (DateTimeOffset?)new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero)).Max()
        : null;
}
