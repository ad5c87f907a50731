namespace Ser.Checkpoints.Pickles;

/// <summary>
/// The memory that reading a file may allocate: 256 KiB plus four times the length of the file. Real checkpoints, whose bytes are nearly
/// all tensor data, need a small part of it.
/// </summary>
internal sealed class AllocationBudget(string path, long fileBytes)
{
    private long _remaining = 262_144 + (4 * fileBytes);

    /// <exception cref="InvalidDataException">The file requires more than its length allows.</exception>
    internal void Spend(long bytes)
    {
        _remaining -= bytes;
        if (_remaining < 0)
        {
            throw InvalidCheckpoint.Create(
                path,
                $"its {fileBytes} bytes describe more objects than a checkpoint of that size can hold; "
                + "download it again from its publisher");
        }
    }
}
