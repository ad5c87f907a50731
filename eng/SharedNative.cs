using System;
using System.IO;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies files once into a shared folder, from which output folders link them.</summary>
public class SharedNative : Task
{
    /// <summary>Files of the package cache. They are never changed or linked.</summary>
    public ITaskItem[] Files { get; set; }

    /// <summary>The copies, in the same order.</summary>
    public ITaskItem[] Copies { get; set; }

    /// <summary>A file that is locked meanwhile, since projects are built in parallel.</summary>
    public string Lock { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Lock));
        using (TakeLock())
        {
            for (int i = 0; i < Files.Length; i++)
            {
                Share(Files[i].GetMetadata("FullPath"), Copies[i].GetMetadata("FullPath"));
            }
        }

        return true;
    }

    private FileStream TakeLock()
    {
        while (true)
        {
            try
            {
                return new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static void Share(string source, string copy)
    {
        if (File.Exists(copy) && new FileInfo(copy).Length == new FileInfo(source).Length)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(copy));
        string part = copy + ".part";
        File.Copy(source, part, true);
        File.Delete(copy);
        File.Move(part, copy);
    }
}
