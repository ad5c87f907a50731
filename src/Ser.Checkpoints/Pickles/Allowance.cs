namespace Ser.Checkpoints.Pickles;

/// <summary>
/// What a file may make its reader allocate: a quarter of a mebibyte for what every reader needs, and four times the file's own length. Real checkpoints, whose
/// bytes are nearly all data, need a small part of it.
/// </summary>
internal sealed class Allowance(string path, long fileBytes)
{
    private long left = 262_144 + (4 * fileBytes);

    /// <exception cref="InvalidDataException">The file has asked for more than its length warrants.</exception>
    internal void Spend(long bytes)
    {
        left -= bytes;
        if (left < 0)
        {
            throw Unsound.File(path, $"its {fileBytes} bytes describe more objects than a checkpoint of that size can hold; download it again from where it was published");
        }
    }
}
