using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>Draws the faults of a run.</summary>
internal sealed class Lots
{
    private readonly Dice _random;
    private readonly IReadOnlyList<Func<Fault>> _draws;

    /// <param name="farm">The farm whose processes and connections are hit.</param>
    /// <param name="servers">The servers that are hit.</param>
    /// <param name="random">Decides the faults and their durations.</param>
    public Lots(SmallFarm farm, ServerSet servers, Dice random)
    {
        _random = random;
        Member Worker() => random.Of(farm.Workers);
        Server Any() => random.Of(servers.All);
        (int Weight, Func<Fault> Draw)[] weighed =
        [
            (6, () => OfProcesses.Kill(Worker())),
            (3, () => OfProcesses.Terminate(Worker())),
            (4, () => OfProcesses.PauseLong(Worker(), random)),
            (2, () => OfProcesses.PauseShort(Worker(), random)),
            (3, () => OfProcesses.Kill(farm.Scheduler)),
            (1, () => OfProcesses.Terminate(farm.Scheduler)),
            (1, () => OfProcesses.PauseLong(farm.Scheduler, random)),
            (1, () => OfProcesses.PauseShort(farm.Scheduler, random)),
            (6, () => OfServers.Kill(Any(), random)),
            (5, () => OfServers.Pause(Any(), random)),
            (1, () => OfServers.Purge(servers.RabbitMq)),
            (4, () => OfWays.Cut(random.Of(farm.All), Any())),
            (4, () => OfWays.BlackHole(random.Of(farm.All), Any(), random)),
            (2, () => OfWays.Deafen(random.Of(farm.All), Any())),
        ];
        _draws = [.. weighed.SelectMany(entry => Enumerable.Repeat(entry.Draw, entry.Weight))];
    }

    /// <summary>The next faults: one, or in a third of the cases two at the same time.</summary>
    public IReadOnlyList<Fault> Next()
    {
        const double Two = 0.33;
        var first = _random.Of(_draws)();
        var second = _random.Happens(Two) ? _random.Of(_draws)() : null;
        return second is null || second.Target == first.Target ? [first] : [first, second];
    }
}
