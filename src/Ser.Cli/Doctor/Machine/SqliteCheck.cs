using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Whether SQLite loads.</summary>
internal sealed class SqliteCheck : ICheck
{
    public string Name => "SQLite";

    public Finding Run() => Finding.Ok(DatabaseHealth.ReadSqliteVersion());
}
