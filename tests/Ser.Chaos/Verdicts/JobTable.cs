using Npgsql;

namespace Ser.Chaos.Verdicts;

/// <summary>What the job store says, by statements of its own and past every proxy.</summary>
/// <param name="connection">Of the database itself.</param>
internal sealed class JobTable(string connection)
{
    /// <summary>Commits are to survive a killed server, as on any database that a lab runs; see eng/services/postgres for the usual, faster way.</summary>
    public async Task CommitForGoodAsync()
    {
        await AskAsync("ALTER SYSTEM SET synchronous_commit = on");
        await AskAsync("SELECT pg_reload_conf()::text");
    }

    /// <summary>Counts, by name.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(string by) =>
        (await AskAsync(by)).ToDictionary(row => row[0], row => int.Parse(row[1]));

    /// <summary>Jobs by state.</summary>
    public Task<Dictionary<string, int>> StatesAsync() => CountsAsync("""SELECT "State", count(*)::text FROM jobs GROUP BY 1""");

    /// <summary>Attempts by outcome.</summary>
    public Task<Dictionary<string, int>> OutcomesAsync() => CountsAsync("""SELECT "Outcome", count(*)::text FROM attempts GROUP BY 1""");

    /// <summary>Why attempts were charged to their jobs or put off, each with how often.</summary>
    public Task<Dictionary<string, int>> ReasonsAsync() =>
        CountsAsync("""SELECT "Outcome" || ' on ' || "Worker" || ': ' || coalesce("Why", ''), count(*)::text FROM attempts WHERE "Outcome" IN ('Faulted', 'PutOff') GROUP BY 1""");

    /// <summary>Every attempt ended two days earlier: the upkeep leaves alone what is younger than a day, and nobody waits for that here.</summary>
    public Task AgeAsync() => AskAsync("""UPDATE attempts SET "Ended" = "Ended" - 172800 WHERE "Ended" IS NOT NULL""");

    /// <summary>One number.</summary>
    public async Task<int> NumberAsync(string sql) => int.Parse((await AskAsync(sql))[0][0]);

    /// <summary>Rows of texts.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<string[]>> AskAsync(string sql)
    {
        await using var database = new NpgsqlConnection(connection + ";Pooling=false;Timeout=5;Command Timeout=20");
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, database);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : $"{reader.GetValue(column)}")]);
        }

        return rows;
    }
}
