using Ser.Storage.Farm;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Farm;

public sealed class WorkPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_dead_processes_left_is_removed_and_what_living_ones_make_is_not()
    {
        using var living = ProcessFolder.Create(_folder.Path);
        string[] left;
        using (var one = ProcessFolder.Create(_folder.Path))
        using (var other = ProcessFolder.Create(_folder.Path))
        {
            left = [.. new[] { living, one, other }.Select(place => Path.Combine(place.Folder, "half"))];
            Assert.Equal(3, left.Distinct().Count());
            Array.ForEach(left, file => File.WriteAllText(file, "half"));
        }

        using var next = ProcessFolder.Create(_folder.Path);
        Assert.Empty(Directory.GetFileSystemEntries(next.Folder));
        Assert.Equal(left[..1], Directory.GetFiles(_folder.Path, "half", SearchOption.AllDirectories));
    }
}
