using Microsoft.Data.Sqlite;
using Ser.Domain;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>A check of what is in the data folder. Where there is none yet, all is well.</summary>
/// <param name="name">What is checked.</param>
/// <param name="dataFolder">Full path, there or not.</param>
internal abstract class FolderCheck(string name, string dataFolder) : ICheck
{
    public string Name => name;

    protected string Folder => dataFolder;

    public Finding Look()
    {
        if (!DataFolder.Exists(dataFolder))
        {
            return Finding.Ok($"no data folder at {dataFolder}: nothing to look at");
        }

        try
        {
            return LookInside();
        }
        catch (Exception unreadable) when (unreadable is InputException or StorageException or SqliteException)
        {
            return Finding.Warning("not looked at: the data folder cannot be read", "see the line on the database");
        }
    }

    /// <summary>Looks; the folder has a database.</summary>
    protected abstract Finding LookInside();
}
