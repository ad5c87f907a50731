using Npgsql;

namespace Ser.Chaos.Verdicts;

/// <summary>Queries of the job database, with SQL of their own and without a proxy.</summary>
/// <param name="connection">The connection string of the database itself.</param>
internal sealed class JobTable(string connection)
{
    /// <summary>
    /// Makes commits survive a kill of the server, as they do on any production database.
    /// eng/services/postgres commits asynchronously by default, because that is faster.
    /// </summary>
    public async Task CommitSynchronouslyAsync()
    {
        await QueryAsync("ALTER SYSTEM SET synchronous_commit = on");
        await QueryAsync("SELECT pg_reload_conf()::text");
    }

    /// <summary>The rows of a query for names and counts.</summary>
    public async Task<Dictionary<string, int>> QueryCountsAsync(string by) =>
        (await QueryAsync(by)).ToDictionary(row => row[0], row => int.Parse(row[1]));

    /// <summary>The number of jobs in each state.</summary>
    public Task<Dictionary<string, int>> CountJobsByStateAsync() =>
        QueryCountsAsync("""SELECT "State", count(*)::text FROM jobs GROUP BY 1""");

    /// <summary>The number of attempts with each outcome.</summary>
    public Task<Dictionary<string, int>> CountAttemptsByOutcomeAsync() =>
        QueryCountsAsync("""SELECT "Outcome", count(*)::text FROM attempts GROUP BY 1""");

    /// <summary>The reasons why attempts were charged to their jobs or snoozed, and how often each occurred.</summary>
    public Task<Dictionary<string, int>> CountReasonsAsync() =>
        QueryCountsAsync("""
            SELECT "Outcome" || ' on ' || "Worker" || ': ' || coalesce("Why", ''), count(*)::text
            FROM attempts WHERE "Outcome" IN ('Faulted', 'Snoozed') GROUP BY 1
            """);

    /// <summary>Moves the ends of all attempts two days back, because the upkeep spares files that are younger than a day.</summary>
    public Task BackdateAttemptsAsync() => QueryAsync("""UPDATE attempts SET "Ended" = "Ended" - 172800 WHERE "Ended" IS NOT NULL""");

    /// <summary>The single number of a query.</summary>
    public async Task<int> QueryNumberAsync(string sql) => int.Parse((await QueryAsync(sql))[0][0]);

    /// <summary>The rows of a query, as texts.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<string[]>> QueryAsync(string sql)
    {
        await using var database = new NpgsqlConnection(connection + ";Pooling=false;Timeout=5;Command Timeout=20");
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, database);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(Text)]);
        }

        return rows;

        string Text(int column) => reader.IsDBNull(column) ? "" : $"{reader.GetValue(column)}";
    }
}
