using Ser.Cli.Predictions;
using Ser.Domain;
using Ser.TestSupport;

namespace Ser.Cli.Tests.Predictions;

public sealed class RecordingFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_are_searched_for_recordings_in_order_and_each_file_is_listed_once()
    {
        string[] names = ["b.WAV", "a/z.flac", "a/.hidden.wav", "notes.txt", "c.mp3"];
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(name))!);
            File.WriteAllText(_folder.At(name), "");
        }

        var found = RecordingFiles.Find([_folder.At("c.mp3"), _folder.Path, _folder.At("notes.txt")]);
        string[] expected = ["c.mp3", "a/z.flac", "b.WAV", "notes.txt"];
        Assert.Equal(expected.Select(name => _folder.At(name)), found);
    }

    [Fact]
    public void A_link_back_to_the_folder_is_not_followed()
    {
        File.WriteAllText(_folder.At("a.wav"), "");
        Directory.CreateSymbolicLink(_folder.At("loop"), _folder.Path);
        Assert.Single(RecordingFiles.Find([_folder.Path]));
    }

    [Fact]
    public void What_is_missing_or_holds_no_recording_is_named()
    {
        Assert.Contains("there is no file or folder", Message(_folder.At("none.wav")), StringComparison.Ordinal);
        Assert.Contains("hold no recording", Message(_folder.Path), StringComparison.Ordinal);
    }

    private static string Message(string path) => Assert.Throws<InputException>(() => RecordingFiles.Find([path])).Message;
}
