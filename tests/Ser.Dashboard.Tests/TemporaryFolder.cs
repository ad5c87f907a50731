namespace Ser.Dashboard.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ser-dashboard-").FullName;

    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    // The dashboard may still be reading a file, so the deletion is tried for two seconds.
    public void Dispose()
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (tries < 40)
            {
                Task.Delay(50).Wait();
            }
        }
    }
}
