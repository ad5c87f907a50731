using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>Draws faults.</summary>
internal sealed class Lots
{
    private readonly Dice _dice;
    private readonly IReadOnlyList<Func<Fault>> _lots;

    /// <param name="farm">Whose processes and ways.</param>
    /// <param name="servers">Whose servers.</param>
    /// <param name="dice">Decides.</param>
    public Lots(SmallFarm farm, ServerSet servers, Dice dice)
    {
        _dice = dice;
        Member Worker() => dice.Of(farm.Workers);
        Server Any() => dice.Of(servers.All);
        (int Weight, Func<Fault> Draw)[] weighed =
        [
            (6, () => OfProcesses.Kill(Worker())),
            (3, () => OfProcesses.Terminate(Worker())),
            (4, () => OfProcesses.PauseLong(Worker(), dice)),
            (2, () => OfProcesses.PauseShort(Worker(), dice)),
            (3, () => OfProcesses.Kill(farm.Scheduler)),
            (1, () => OfProcesses.Terminate(farm.Scheduler)),
            (1, () => OfProcesses.PauseLong(farm.Scheduler, dice)),
            (1, () => OfProcesses.PauseShort(farm.Scheduler, dice)),
            (6, () => OfServers.Kill(Any(), dice)),
            (5, () => OfServers.Pause(Any(), dice)),
            (1, () => OfServers.Purge(servers.RabbitMq)),
            (4, () => OfWays.Cut(dice.Of(farm.All), Any())),
            (4, () => OfWays.BlackHole(dice.Of(farm.All), Any(), dice)),
            (2, () => OfWays.Deafen(dice.Of(farm.All), Any())),
        ];
        _lots = [.. weighed.SelectMany(lot => Enumerable.Repeat(lot.Draw, lot.Weight))];
    }

    /// <summary>What goes wrong next: one thing, now and then two at once.</summary>
    public IReadOnlyList<Fault> Next()
    {
        const double Two = 0.33;
        var first = _dice.Of(_lots)();
        var second = _dice.Happens(Two) ? _dice.Of(_lots)() : null;
        return second is null || second.Target == first.Target ? [first] : [first, second];
    }
}
