using System.Globalization;
using Ser.Storage.Data;

namespace Ser.Storage.Farm;

/// <summary>One process' folder for results in the making, {n} below a folder that several share. Held while it lives; what dead processes have left there is removed by the next one.</summary>
public sealed class WorkPlace : IDisposable
{
    private readonly FileStream _lock;

    private WorkPlace(string folder, FileStream held) => (Folder, _lock) = (folder, held);

    /// <summary>Where it is; empty at first.</summary>
    public string Folder { get; }

    /// <summary>Takes the first place that no living process has, and empties all that nobody has.</summary>
    /// <param name="folder">On a local disk; made where it is missing.</param>
    public static WorkPlace Take(string folder)
    {
        Directory.CreateDirectory(folder);
        WorkPlace? own = null;
        for (int number = 1; own is null || File.Exists(LockOf(folder, number)); number++)
        {
            if (FileLock.TryTake(LockOf(folder, number)) is not { } held)
            {
                continue;
            }

            string place = Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture));
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }

            if (own is null)
            {
                Directory.CreateDirectory(place);
                own = new WorkPlace(place, held);
            }
            else
            {
                held.Dispose();
            }
        }

        return own;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // The locks stay: whoever removed one could remove it under another's hands.
    private static string LockOf(string folder, int number) => Path.Combine(folder, FormattableString.Invariant($"{number}.lock"));
}
