using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Results;

/// <summary>A sweep with everything that it was submitted with.</summary>
public sealed record StoredSweep(SweepSnapshot Snapshot, SweepDefinition Definition, Experiment Experiment, Corpus Corpus)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">No such sweep; the message has the nearest.</exception>
    /// <exception cref="StorageException">The index of its corpus is not there.</exception>
    public static StoredSweep Read(ISweepReads reads, IArtifactStore artifacts, string sweep)
    {
        var snapshot = reads.Sweep(sweep);
        var definition = SweepDefinition.Parse(snapshot.Definition);
        var corpus = CorpusFile.Read(artifacts.Get(ArtifactKeys.Corpus(definition.Corpus))
            ?? throw new StorageException($"the index of corpus {definition.Corpus} is missing from the artifact store: run the experiment again"));
        return new StoredSweep(snapshot, definition, ExperimentJson.Read(definition.Experiment.ToJsonString()), corpus);
    }
}
