using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Workers;

/// <summary>
/// The registry of a farm's workers, in the job database and on the clock of its server; see <see cref="IWorkerRegistry"/>.
/// </summary>
internal sealed class PostgresWorkerRegistry(PostgresDatabase database, TimeProvider clock) : IWorkerRegistry
{
    private const double RememberedSeconds = 86_400;
    private const int Quarantined = (int)WorkerOrder.Quarantine;

    /// <inheritdoc/>
    public bool Register(WorkerInfo worker)
    {
        string info = JsonSerializer.Serialize(worker);
        double aliveSeconds = WorkerInfo.AliveWindow.TotalSeconds;
        return database.Query(db => db.Database.ExecuteSql($"""
            INSERT INTO workers (name, instance, info, running, orders, seen)
            VALUES ({worker.Name}, {worker.Instance}, {info}, '[]', 0, extract(epoch FROM clock_timestamp()))
            ON CONFLICT (name) DO UPDATE SET
                reading = NULL, instance = excluded.instance, info = excluded.info, running = '[]', seen = excluded.seen,
                orders = CASE workers.orders WHEN {Quarantined} THEN {Quarantined} ELSE 0 END
            WHERE workers.instance = excluded.instance OR workers.seen < excluded.seen - {aliveSeconds}
            """)) == 1;
    }

    /// <inheritdoc/>
    public WorkerOrder Heartbeat(string name, string instance, IReadOnlyList<string> running, WorkerReading? reading = null)
    {
        string ids = JsonSerializer.Serialize(running);
        string? readingJson = reading is null ? null : JsonSerializer.Serialize(reading);
        return (WorkerOrder)database.Query(db => db.Database.SqlQuery<int>($"""
            UPDATE workers
            SET seen = extract(epoch FROM clock_timestamp()), running = {ids}, reading = coalesce({readingJson}, reading)
            WHERE name = {name} AND instance = {instance}
            RETURNING orders AS "Value"
            """).ToList()).SingleOrDefault();
    }

    /// <inheritdoc/>
    public void Unregister(string name, string instance) => database.Query(db => db.Database.ExecuteSql(
        $"DELETE FROM workers WHERE name = {name} AND instance = {instance} AND orders <> {Quarantined}"));

    /// <inheritdoc/>
    public bool Drain(string name, WorkerOrder order)
    {
        int number = (int)order;
        return database.Query(db => db.Database.ExecuteSql($"UPDATE workers SET orders = {number}, reason = NULL WHERE name = {name}")) == 1;
    }

    /// <inheritdoc/>
    public bool Quarantine(string name, string why) => database.Query(db => db.Database.ExecuteSql(
        $"UPDATE workers SET orders = {Quarantined}, reason = {why} WHERE name = {name} AND orders = 0")) == 1;

    /// <inheritdoc/>
    public bool Reinstate(string name) => database.Query(db => db.Database.ExecuteSql($"""
        UPDATE workers SET orders = 0, reason = NULL, reinstated = extract(epoch FROM clock_timestamp())
        WHERE name = {name} AND orders = {Quarantined}
        """)) == 1;

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> All()
    {
        var now = clock.GetUtcNow();
        var rows = database.Query(db => db.Database.SqlQuery<Row>($"""
            SELECT info AS "Info", running AS "Running", orders AS "Orders",
                reason AS "Reason", reading AS "Reading", reinstated AS "Reinstated",
                extract(epoch FROM clock_timestamp())::float8 - seen AS "SecondsSinceSeen"
            FROM workers WHERE seen > extract(epoch FROM clock_timestamp()) - {RememberedSeconds} ORDER BY name
            """).ToList());
        return [.. rows.Select(row => ToInfo(row, now))];
    }

    private static WorkerInfo ToInfo(Row row, DateTimeOffset now) => JsonSerializer.Deserialize<WorkerInfo>(row.Info)! with
    {
        Running = JsonSerializer.Deserialize<string[]>(row.Running)!,
        Order = (WorkerOrder)row.Orders,
        Quarantined = row.Reason,
        Reading = row.Reading is null ? null : JsonSerializer.Deserialize<WorkerReading>(row.Reading),
        Reinstated = row.Reinstated,
        LastSeen = now - TimeSpan.FromSeconds(row.SecondsSinceSeen),
    };

    private sealed record Row(
        string Info,
        string Running,
        int Orders,
        string? Reason,
        string? Reading,
        double Reinstated,
        double SecondsSinceSeen);
}
