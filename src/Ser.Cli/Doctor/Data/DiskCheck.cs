using System.Globalization;

namespace Ser.Cli.Doctor.Data;

/// <summary>Free space and type of the file system on which the data folder is, or would be created.</summary>
internal sealed class DiskCheck(string dataFolder) : ICheck
{
    private const double ComfortableGigabytes = 5, LeastGigabytes = 0.2;
    private static readonly string[] NetworkFormats =
    [
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.s3fs", "afs", "ceph", "lustre", "beegfs", "gpfs",
    ];

    public string Name => "disk";

    public Finding Run()
    {
        var disk = DiskOf(ExistingAncestor());
        double free = disk.AvailableFreeSpace / 1e9;
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free for {dataFolder} ({disk.DriveFormat})");
        if (NetworkFormats.Contains(disk.DriveFormat, StringComparer.OrdinalIgnoreCase))
        {
            return Finding.Warning(
                detail + ": a network file system, on which SQLite's locks are not reliable",
                "keep the data folder on a local disk: --data DIR, or SER_DATA");
        }

        if (free < LeastGigabytes)
        {
            return Finding.Failure(
                detail,
                "free some space, or name another data folder with --data: checkpoints of a base model take 1.1 GB each");
        }

        return free < ComfortableGigabytes
            ? Finding.Warning(
                detail,
                "enough for small models; a fold of the base encoder leaves 0.4 GB, and a checkpoint takes 1.1 GB: "
                + "free some space, or name another data folder with --data")
            : Finding.Ok(detail);
    }

    private string ExistingAncestor()
    {
        string folder = dataFolder;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"there is no disk for {dataFolder}");
        }

        return folder;
    }

    private static DriveInfo DiskOf(string folder)
    {
        var drives = DriveInfo.GetDrives().Where(drive => drive.IsReady && IsUnder(folder, drive.Name));
        return drives.MaxBy(drive => drive.Name.Length) ?? new DriveInfo(folder);
    }

    private static bool IsUnder(string path, string root)
    {
        string prefix = root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar;
        return path == root || path.StartsWith(prefix, StringComparison.Ordinal);
    }
}
