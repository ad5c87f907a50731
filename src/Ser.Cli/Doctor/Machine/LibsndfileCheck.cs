using Ser.Audio;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Whether recordings other than WAV can be read.</summary>
internal sealed class LibsndfileCheck : ICheck
{
    public string Name => "libsndfile";

    public Finding Run() => AudioFile.LibraryVersion is { } version
        ? Finding.Ok(version)
        : Finding.Warning(
            "not installed: WAV can be read; FLAC, Ogg, MP3 and AIFF cannot",
            "apt-get install libsndfile1 (Debian, Ubuntu), dnf install libsndfile (RHEL), brew install libsndfile (macOS)");
}
