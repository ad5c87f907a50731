namespace Ser.Dashboard.Reading;

/// <summary>Answers that take long: made once for each key, one at a time, whoever asks; those asked for last are kept.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class Kept<T>(int most)
{
    private readonly Lock one = new();
    private readonly SemaphoreSlim making = new(1);
    private readonly LinkedList<(string Key, Task<T> Answer)> kept = new();

    /// <summary>The answer of a key, made on the thread pool where it is not kept. One that could not be made is tried again.</summary>
    public Task<T> OfAsync(string key, Func<T> make)
    {
        lock (one)
        {
            var found = kept.FirstOrDefault(entry => entry.Key == key);
            if (found.Answer is not null)
            {
                kept.Remove(found);
            }

            if (found.Answer is null || found.Answer.IsFaulted)
            {
                found = (key, MakeAsync(make));
            }

            kept.AddFirst(found);
            if (kept.Count > most)
            {
                kept.RemoveLast();
            }

            return found.Answer;
        }
    }

    private async Task<T> MakeAsync(Func<T> make)
    {
        await making.WaitAsync();
        try
        {
            return await Task.Run(make);
        }
        finally
        {
            making.Release();
        }
    }
}
