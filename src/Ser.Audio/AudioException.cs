namespace Ser.Audio;

/// <summary>A recording cannot be used. The message names the file, what is wrong with it, and what to do.</summary>
public sealed class AudioException(string path, string what, string cure, Exception? inner = null)
    : Exception($"{path}: {what}; {cure}", inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string What { get; } = what;

    /// <summary>What would be right, or what the user can do.</summary>
    public string Cure { get; } = cure;
}
