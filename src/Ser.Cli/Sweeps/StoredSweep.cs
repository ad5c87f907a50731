using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Hosting.Data;
using Ser.Stages;

namespace Ser.Cli.Sweeps;

/// <summary>A sweep of a data folder with everything that it was submitted with.</summary>
internal sealed record StoredSweep(SweepSnapshot Snapshot, SweepDefinition Definition, Experiment Experiment, Corpus Corpus)
{
    /// <exception cref="InputException">No such sweep; the message has the nearest.</exception>
    /// <exception cref="StorageException">The index of its corpus is not there.</exception>
    internal static StoredSweep Read(DataFolder data, string sweep)
    {
        var snapshot = data.Reads.Sweep(sweep);
        var definition = SweepDefinition.Parse(snapshot.Definition);
        var corpus = CorpusFile.Read(data.Artifacts.Get(ArtifactKeys.Corpus(definition.Corpus))
            ?? throw new StorageException($"the index of corpus {definition.Corpus} is missing from {data.Folder}: run the experiment again"));
        return new StoredSweep(snapshot, definition, ExperimentJson.Read(definition.Experiment.ToJsonString()), corpus);
    }
}
