using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Results;

/// <summary>A sweep with its parsed definition, experiment and corpus.</summary>
public sealed record StoredSweep(SweepSnapshot Snapshot, SweepDefinition Definition, Experiment Experiment, Corpus Corpus)
{
    /// <summary>Reads a sweep.</summary>
    /// <exception cref="InputException">There is no such sweep; the message names the nearest one.</exception>
    /// <exception cref="StorageException">The index of its corpus is missing.</exception>
    public static StoredSweep Read(ISweepReads reads, IArtifactStore artifacts, string sweep)
    {
        var snapshot = reads.Sweep(sweep);
        var definition = SweepDefinition.Parse(snapshot.Definition);
        var experiment = ExperimentJson.Read(definition.Experiment.ToJsonString());
        byte[] index = artifacts.Get(ArtifactKeys.Corpus(definition.Corpus)) ?? throw new StorageException(
            $"the index of corpus {definition.Corpus} is missing from the artifact store: run the experiment again");
        return new StoredSweep(snapshot, definition, experiment, CorpusFile.Read(index));
    }
}
