using Ser.TestSupport;
using Ser.Domain.Workers;
using Ser.Storage.Tests.Jobs;
using Ser.Storage.Jobs;
using Ser.Storage.Workers;

namespace Ser.Storage.Tests.Workers;

public sealed class MemoryWorkersTests : WorkerRegistryConformance
{
    private readonly SetClock clock = new();

    protected override DateTimeOffset Now => clock.GetUtcNow();

    protected override IWorkerRegistry Registry() => new InMemoryWorkerRegistry(clock);

    protected override void Silence(string name, double seconds) => clock.Time += TimeSpan.FromSeconds(seconds);

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Time { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Time;
    }
}

public sealed class PostgresWorkersTests : WorkerRegistryConformance, IDisposable
{
    private readonly TestDatabase database = new();

    public PostgresWorkersTests() => PostgresJobs.Migrate(database.ConnectionString);

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => database.Dispose();

    protected override IWorkerRegistry Registry() => PostgresJobs.Open(database.ConnectionString).Workers;

    protected override void Silence(string name, double seconds) =>
        database.Run(FormattableString.Invariant($"UPDATE workers SET seen = seen - {seconds} WHERE name = '{name}'"));
}
