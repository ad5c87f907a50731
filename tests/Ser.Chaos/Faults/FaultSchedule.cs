using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>Draws the faults of a run.</summary>
internal sealed class FaultSchedule
{
    private readonly SeededRandom _random;
    private readonly IReadOnlyList<Func<Fault>> _draws;

    /// <param name="farm">The farm whose processes and connections are hit.</param>
    /// <param name="servers">The servers that are hit.</param>
    /// <param name="random">Decides the faults and their durations.</param>
    public FaultSchedule(SmallFarm farm, ServerSet servers, SeededRandom random)
    {
        _random = random;
        FarmMember Worker() => random.Choose(farm.Workers);
        Server Any() => random.Choose(servers.All);
        (int Weight, Func<Fault> Draw)[] weighed =
        [
            (6, () => ProcessFaults.Kill(Worker())),
            (3, () => ProcessFaults.Terminate(Worker())),
            (4, () => ProcessFaults.PauseLong(Worker(), random)),
            (2, () => ProcessFaults.PauseShort(Worker(), random)),
            (3, () => ProcessFaults.Kill(farm.Scheduler)),
            (1, () => ProcessFaults.Terminate(farm.Scheduler)),
            (1, () => ProcessFaults.PauseLong(farm.Scheduler, random)),
            (1, () => ProcessFaults.PauseShort(farm.Scheduler, random)),
            (6, () => ServerFaults.Kill(Any(), random)),
            (5, () => ServerFaults.Pause(Any(), random)),
            (1, () => ServerFaults.Purge(servers.RabbitMq)),
            (4, () => ConnectionFaults.Reset(random.Choose(farm.All), Any())),
            (4, () => ConnectionFaults.BlackHole(random.Choose(farm.All), Any(), random)),
            (2, () => ConnectionFaults.StopForwarding(random.Choose(farm.All), Any())),
        ];
        _draws = [.. weighed.SelectMany(entry => Enumerable.Repeat(entry.Draw, entry.Weight))];
    }

    /// <summary>The next faults: one, or in a third of the cases two at the same time.</summary>
    public IReadOnlyList<Fault> Next()
    {
        const double Two = 0.33;
        var first = _random.Choose(_draws)();
        var second = _random.Chance(Two) ? _random.Choose(_draws)() : null;
        return second is null || second.Target == first.Target ? [first] : [first, second];
    }
}
