using Microsoft.Data.Sqlite;
using Ser.Domain;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether the database opens, is whole, and is of this version.</summary>
internal sealed class DatabaseCheck(string dataFolder, bool deep) : FolderCheck("database", dataFolder)
{
    protected override Finding LookInside()
    {
        try
        {
            var problems = DatabaseHealth.Problems(Folder, deep);
            if (problems.Count > 0)
            {
                return Finding.Failure($"{Folder} is damaged: {string.Join("; ", problems.Take(3))}", "restore ser.db (with ser.db-wal beside it) from a copy, or start with another data folder; the artifacts are not in it");
            }

            using var data = DataFolder.OpenForReading(Folder);
            int sweeps = data.Reads.Sweeps().Count;
            return Finding.Ok($"{Folder} opens and is whole{(deep ? "" : " (quick check)")}: {sweeps} sweep{(sweeps == 1 ? "" : "s")}");
        }
        catch (InputException version)
        {
            return Finding.Failure(version.Message, "use the version of ser that fits, or another data folder");
        }
        catch (Exception damaged) when (damaged is StorageException or SqliteException)
        {
            return Finding.Failure($"{Folder}: {damaged.Message}", "see that the folder may be written and its disk is sound; restore ser.db from a copy if it is damaged");
        }
    }
}
