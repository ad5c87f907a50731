using Microsoft.Data.Sqlite;
using Ser.Domain;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether the database opens, is intact, and is of this version.</summary>
internal sealed class DatabaseCheck(string dataFolder, bool deep) : FolderCheck("database", dataFolder)
{
    private const int NamedProblems = 3;

    protected override Finding InspectFolder()
    {
        try
        {
            var problems = DatabaseHealth.FindProblems(Folder, deep);
            if (problems.Count > 0)
            {
                return Finding.Failure(
                    $"{Folder} is damaged: {string.Join("; ", problems.Take(NamedProblems))}",
                    "restore ser.db (with ser.db-wal beside it) from a copy, or start with another data folder; "
                    + "the artifacts are not in it");
            }

            using var data = DataFolder.OpenForReading(Folder);
            string quick = deep ? "" : " (quick check)";
            return Finding.Ok($"{Folder} opens and is intact{quick}: {Plural.Count(data.Reads.Sweeps().Count, "sweep")}");
        }
        catch (InputException version)
        {
            return Finding.Failure(version.Message, "use the version of ser that fits, or another data folder");
        }
        catch (Exception damaged) when (damaged is StorageException or SqliteException)
        {
            return Finding.Failure(
                $"{Folder}: {damaged.Message}",
                "check that the folder is writable and its disk is sound; if ser.db is damaged, restore it from a copy");
        }
    }
}
