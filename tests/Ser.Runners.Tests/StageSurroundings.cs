using Ser.Domain.Corpora;
using Ser.Domain.Jobs;

namespace Ser.Runners.Tests;

/// <summary>Inputs of a job that needs its corpus, and recordings where a test gives some.</summary>
internal sealed class OneCorpus(Corpus corpus, params IReadOnlyList<string> recordings) : IInputs
{
    public Corpus Corpus(string digest) => corpus;

    public string Weights(string digest) => throw new InvalidOperationException("a preset has no weights");

    public IReadOnlyList<string> Recordings(string digest) => recordings;
}

/// <summary>Checkpoints of a job that must not save any.</summary>
internal sealed class NoCheckpoints : ICheckpoints
{
    public string? Latest() => null;

    public void Save(Action<string> write) => throw new InvalidOperationException("it is over before a checkpoint is due");
}
