using Ser.Domain.Workers;
using Ser.Storage.Jobs;
using Ser.Storage.Tests.Jobs;
using Ser.Storage.Workers;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Workers;

public sealed class MemoryWorkersTests : WorkerRegistryConformance
{
    private readonly ManualClock _clock = new();

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    protected override IWorkerRegistry Registry() => new InMemoryWorkerRegistry(_clock);

    protected override void Silence(string name, double seconds) => _clock.Now += TimeSpan.FromSeconds(seconds);
}

public sealed class PostgresWorkersTests : WorkerRegistryConformance, IDisposable
{
    private readonly TestDatabase _database = new();

    public PostgresWorkersTests() => PostgresJobs.Migrate(_database.ConnectionString);

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _database.Dispose();

    protected override IWorkerRegistry Registry() => PostgresJobs.Open(_database.ConnectionString).Workers;

    protected override void Silence(string name, double seconds) =>
        _database.Run(FormattableString.Invariant($"UPDATE workers SET seen = seen - {seconds} WHERE name = '{name}'"));
}
