using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;

namespace Ser.Worker;

/// <summary>Inputs of one attempt: while they travel, no step is expected of it.</summary>
internal sealed class WatchedInputs(IInputs inputs, StallWatch watch, JobLog log) : IInputs
{
    public Corpus Corpus(string digest) => Said("corpus", () => inputs.Corpus(digest));

    public string Weights(string digest) => Said("weights", () => inputs.Weights(digest));

    public IReadOnlyList<string> Recordings(string digest) => Said("recordings", () => inputs.Recordings(digest));

    private T Said<T>(string what, Func<T> fetch)
    {
        using var span = Traces.Part(what);
        var fetched = watch.Aside(fetch);
        log.Add($"{what} at hand");
        return fetched;
    }
}
