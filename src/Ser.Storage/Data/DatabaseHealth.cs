using Microsoft.Data.Sqlite;

namespace Ser.Storage.Data;

/// <summary>Checks SQLite and the database of a data folder without changing either.</summary>
public static class DatabaseHealth
{
    /// <summary>Version of the SQLite that is bundled with this process.</summary>
    public static string ReadSqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }

    /// <summary>Problems that SQLite finds in the database of a data folder; empty if there are none.</summary>
    /// <param name="folder">A data folder.</param>
    /// <param name="deep">Whether to compare indexes with their tables, too.</param>
    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    public static IReadOnlyList<string> FindProblems(string folder, bool deep)
    {
        string file = Path.Combine(Path.GetFullPath(folder), "ser.db");
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 30,
            Pooling = false,
        };
        using var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = deep ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)";
        using var rows = command.ExecuteReader();
        var problems = new List<string>();
        while (rows.Read())
        {
            problems.Add(rows.GetString(0));
        }

        return problems is ["ok"] ? [] : problems;
    }
}
