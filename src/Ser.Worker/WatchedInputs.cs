using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;

namespace Ser.Worker;

/// <summary>The inputs of one attempt. Time spent fetching them does not count as a stall.</summary>
internal sealed class WatchedInputs(IInputs inputs, StallWatch watch, JobLog log) : IInputs
{
    public Corpus Corpus(string digest) => Fetch("corpus", () => inputs.Corpus(digest));

    public string Weights(string digest) => Fetch("weights", () => inputs.Weights(digest));

    public IReadOnlyList<string> Recordings(string digest) => Fetch("recordings", () => inputs.Recordings(digest));

    private T Fetch<T>(string kind, Func<T> fetch)
    {
        using var span = Traces.StartPart(kind);
        var fetched = watch.RunSuspended(fetch);
        log.Add($"{kind} fetched");
        return fetched;
    }
}
