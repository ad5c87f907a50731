using Microsoft.Data.Sqlite;
using Ser.Domain;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>A check of the contents of the data folder. It succeeds where there is no data folder yet.</summary>
/// <param name="name">What is checked.</param>
/// <param name="dataFolder">Full path, whether or not it exists.</param>
internal abstract class FolderCheck(string name, string dataFolder) : ICheck
{
    public string Name => name;

    protected string Folder => dataFolder;

    public Finding Run()
    {
        if (!DataFolder.Exists(dataFolder))
        {
            return Finding.Ok($"no data folder at {dataFolder}: nothing to check");
        }

        try
        {
            return InspectFolder();
        }
        catch (Exception unreadable) when (unreadable is InputException or StorageException or SqliteException)
        {
            return Finding.Warning("not checked: the data folder cannot be read", "see the line on the database");
        }
    }

    /// <summary>Checks the folder, which has a database.</summary>
    protected abstract Finding InspectFolder();
}
