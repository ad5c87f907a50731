namespace Ser.TestSupport;

/// <summary>A folder that is deleted after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const int Tries = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ser-test-").FullName;

    /// <summary>A path in the folder.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Writes a text file; returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Deletes the folder. A host that was stopped may still hold a file open, so deleting is tried for two seconds.</summary>
    public void Dispose()
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (tries < Tries)
            {
                Task.Delay(Pause).Wait();
            }
        }
    }
}
