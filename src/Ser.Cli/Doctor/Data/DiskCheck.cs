using System.Globalization;

namespace Ser.Cli.Doctor.Data;

/// <summary>Room and kind of the file system on which the data folder is, or would be.</summary>
internal sealed class DiskCheck(string dataFolder) : ICheck
{
    private const double Comfortable = 5, Least = 0.2;
    private static readonly string[] Remote = ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.s3fs", "afs", "ceph", "lustre", "beegfs", "gpfs"];

    public string Name => "disk";

    public Finding Look()
    {
        string there = dataFolder;
        while (!Directory.Exists(there))
        {
            there = Path.GetDirectoryName(there) ?? throw new DirectoryNotFoundException($"{dataFolder} lies on no disk");
        }

        var disk = DriveInfo.GetDrives().Where(drive => drive.IsReady && Under(there, drive.Name)).MaxBy(drive => drive.Name.Length) ?? new DriveInfo(there);
        double free = disk.AvailableFreeSpace / 1e9;
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free for {dataFolder} ({disk.DriveFormat})");
        if (Remote.Contains(disk.DriveFormat, StringComparer.OrdinalIgnoreCase))
        {
            return Finding.Warning(detail + ": a network file system, on which SQLite's locks cannot be relied on", "keep the data folder on a local disk: --data DIR, or SER_DATA");
        }

        return free < Least ? Finding.Failure(detail, "make room, or name another data folder with --data: checkpoints of a base model take 1.1 GB each")
            : free < Comfortable ? Finding.Warning(detail, "enough for small models; a fold of the base encoder leaves 0.4 GB, and a checkpoint takes 1.1 GB: make room, or name another data folder with --data")
            : Finding.Ok(detail);
    }

    private static bool Under(string path, string root) =>
        path == root || path.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
