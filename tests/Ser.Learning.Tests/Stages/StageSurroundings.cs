using Ser.Domain.Corpora;
using Ser.Domain.Jobs;

namespace Ser.Learning.Tests.Stages;

/// <summary>Inputs of a job that needs its corpus and nothing else.</summary>
internal sealed class OneCorpus(Corpus corpus) : IInputs
{
    public Corpus Corpus(string digest) => corpus;

    public string Weights(string digest) => throw new InvalidOperationException("a preset has no weights");
}

/// <summary>Checkpoints of a job that must take none.</summary>
internal sealed class NoCheckpoints : ICheckpoints
{
    public string? Latest() => null;

    public void Save(Action<string> write) => throw new InvalidOperationException("it is over before a checkpoint is due");
}
