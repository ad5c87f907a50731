using Microsoft.Data.Sqlite;

namespace Ser.Storage.Data;

/// <summary>Looks at SQLite and at a data folder's database without changing either.</summary>
public static class DatabaseHealth
{
    /// <summary>Version of the SQLite that this process carries.</summary>
    public static string SqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }

    /// <summary>What SQLite finds wrong with the database of a data folder; empty where all is well.</summary>
    /// <param name="folder">A data folder.</param>
    /// <param name="deep">Also compares indices with their tables.</param>
    /// <exception cref="SqliteException">It cannot be opened, or is no database.</exception>
    public static IReadOnlyList<string> Problems(string folder, bool deep)
    {
        string file = Path.Combine(Path.GetFullPath(folder), "ser.db");
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 30, Pooling = false }.ToString());
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
