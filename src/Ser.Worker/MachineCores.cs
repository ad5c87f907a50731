using System.Globalization;
using Ser.Domain;

namespace Ser.Worker;

/// <summary>
/// The processor cores of this machine, shared by all workers of a user. A job on the CPU takes as many cores as it has threads, since
/// jobs that share cores take several times as long: their threads wait for each other. Each share is a locked file in a folder of the
/// machine, so that the operating system ends the share of a process that dies. The share of a process that is suspended ends when its
/// file is no longer touched.
/// </summary>
/// <param name="folder">A folder on a local disk, the same for all workers of the machine.</param>
/// <param name="count">Number of cores.</param>
/// <param name="clock">Tells whether a share is still touched.</param>
public sealed class MachineCores(string folder, int count, TimeProvider clock)
{
    private static readonly IDisposable NoShare = new MemoryStream();
    private const string LockName = "lock";
    private const string Prefix = "cores-";
    private static readonly TimeSpan TouchInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan MutexTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The cores of this machine, for the workers of this user.</summary>
    public static MachineCores OfThisMachine { get; } = new(
        Path.Combine(Path.GetTempPath(), $"ser-cores-{Environment.UserName}"),
        Environment.ProcessorCount,
        TimeProvider.System);

    /// <summary>Whether a job with this many threads could start now.</summary>
    public bool HasFree(int threads)
    {
        using var share = TryTake(threads);
        return share is not null;
    }

    /// <summary>Takes the cores for a job.</summary>
    /// <param name="threads">
    /// Threads of the job. One that has more threads than the machine has cores takes all of them; one without threads takes none.
    /// </param>
    /// <returns>The share, whose disposal gives the cores back; null if there are not enough free ones.</returns>
    public IDisposable? TryTake(int threads)
    {
        int needed = Math.Clamp(threads, 0, count);
        if (needed == 0)
        {
            return NoShare;
        }

        try
        {
            Directory.CreateDirectory(folder);
            using var mutex = TakeMutex();
            return mutex is not null && CountTaken() + needed <= count ? CreateShare(needed) : null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            // Without a usable folder, such as one on a full or read-only disk, the cores are not shared. Jobs run all the same.
            return NoShare;
        }
    }

    // Other processes hold it for moments only.
    private FileStream? TakeMutex()
    {
        FileStream? mutex = null;
        string path = Path.Combine(folder, LockName);
        SpinWait.SpinUntil(() => (mutex = FileLock.TryTake(path)) is not null, MutexTimeout);
        return mutex;
    }

    private Share CreateShare(int cores)
    {
        string PathOf(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{cores}-{number}"));
        string path = Enumerable.Range(1, count + 1).Select(PathOf).First(path => !File.Exists(path));
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        return new Share(path, file, clock);
    }

    private int CountTaken() => Directory.EnumerateFiles(folder, $"{Prefix}*").Where(IsTaken).Sum(CoresOf);

    private bool IsTaken(string path)
    {
        try
        {
            using var file = FileLock.TryTake(path);
            if (file is not null)
            {
                File.Delete(path);
                return false;
            }

            var silence = clock.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path);
            return silence.Duration() < Lifetime;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static int CoresOf(string path) =>
        int.TryParse(Path.GetFileName(path).Split('-')[1], CultureInfo.InvariantCulture, out int cores) ? cores : 0;

    private sealed class Share : IDisposable
    {
        private readonly FileStream _file;
        private readonly ITimer _timer;

        internal Share(string path, FileStream file, TimeProvider clock)
        {
            void Touch() => File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
            Touch();
            _file = file;
            _timer = clock.CreateTimer(_ => TouchIfPresent(Touch), null, TouchInterval, TouchInterval);
        }

        public void Dispose()
        {
            _timer.Dispose();
            _file.Dispose();
        }

        // The timer may run once more while the share ends. Somebody may also clean the folder; then the cores count as free.
        private static void TouchIfPresent(Action touch)
        {
            try
            {
                touch();
            }
            catch (IOException)
            {
            }
        }
    }
}
