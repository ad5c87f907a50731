using System.Globalization;
using System.Security.Cryptography;
using Ser.Checkpoints;
using Ser.Corpora;
using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Reporting;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>
/// An experiment with everything resolved and checked, and its job graph. Only a synthetic corpus has been written to disk.
/// </summary>
public sealed record PreparedExperiment(
    PlanContext Context, IReadOnlyList<FoldJobs> Folds, CorpusReport Report, MachineCapabilities Machine)
{
    /// <exception cref="InputException">Corpus, weights or settings are wrong; every problem of the corpus is named.</exception>
    public static PreparedExperiment Prepare(Experiment experiment, string dataFolder, MachineCapabilities machine)
    {
        var weightsPaths = experiment.Arms().Select(arm => experiment.EncoderOf(arm).Weights).OfType<string>().Distinct();
        var weights = weightsPaths.ToDictionary(path => path, ReadWeights);
        var noises = RecordedSounds.Read("augmentation.noiseFiles", experiment.Augmentation.NoiseFiles);
        var responses = RecordedSounds.Read("augmentation.responseFiles", experiment.Augmentation.ResponseFiles);
        var report = CorpusLoader.Load(experiment.Corpus, experiment.Classes, dataFolder);
        if (report.Corpus is not { } corpus)
        {
            string problems = CorpusReportText.WriteProblems(report);
            throw new InputException($"corpus {experiment.Corpus} has problems, so nothing was run:{Environment.NewLine}{problems}");
        }

        experiment = experiment with { Compute = Resolve(experiment.Compute, machine) };
        var folds = FoldPlanner.Plan(corpus, experiment.Folds);
        CheckNeighbours(experiment, folds);
        int threads = experiment.Compute.Threads == 0 ? Environment.ProcessorCount : experiment.Compute.Threads;
        var context = new PlanContext(experiment, corpus, folds, weights, threads)
        {
            Noises = noises,
            Responses = responses,
        };
        return new PreparedExperiment(context, Pipeline.Plan(context), report, machine);
    }

    // Replaces `auto` by what this machine has.
    private static ComputeSettings Resolve(ComputeSettings compute, MachineCapabilities machine)
    {
        string device = compute.Device == "auto" ? machine.Device : compute.Device;
        if (device == "cuda" && !machine.HasCuda)
        {
            throw new InputException("compute.device is cuda, but libtorch finds no CUDA device here: use cpu or auto, "
                + "or build with -p:Torch=cuda on a machine that has one (ser doctor says more)");
        }

        string precision = compute.Precision == "auto" ? machine.Precision(device) : compute.Precision;
        return compute with { Device = device, Precision = precision };
    }

    /// <summary>Problems of the corpus and the settings that do not prevent the run.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Report.Warnings,
        .. PerplexityWarning(),
        .. PrecisionWarning(),
        .. UnusedRecordings("noiseFiles", Context.Noises, "noise"),
        .. UnusedRecordings("responseFiles", Context.Responses, "reverberation"),
    ];

    private IEnumerable<string> PrecisionWarning()
    {
        var compute = Context.Experiment.Compute;
        if (Machine.IsSlow(compute.Precision, compute.Device))
        {
            yield return "compute.precision is bfloat16, which this processor has no instructions for: the numbers are those of bfloat16, "
                + "but training is slower than in float32; use auto for the faster of the two";
        }
    }

    private IEnumerable<string> UnusedRecordings(string key, RecordingSet? recordings, string augmentation)
    {
        bool isUsed = Context.Experiment.Arms().Any(arm => arm.Augments(augmentation));
        if (recordings is not null && !isUsed)
        {
            yield return $"augmentation.{key} changes nothing: no arm's augmentation is {augmentation} or mixed";
        }
    }

    /// <summary>How large a difference must be to exceed the noise.</summary>
    public NoiseForecast Noise => NoiseForecast.Compute(Context.Corpus, Context.Folds.Count);

    // A projection maps every utterance of the corpus: each is in the training, validation or test set of the fold.
    private IEnumerable<string> PerplexityWarning()
    {
        var projection = Context.Experiment.Projection;
        int utterances = Context.Corpus.Utterances.Count;
        double used = ProjectionSettings.UsablePerplexity(projection.Perplexity, utterances);
        if (projection.Methods.Contains(ProjectionSettings.Tsne) && used < projection.Perplexity)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"projection.perplexity {projection.Perplexity} is more than a third of {utterances} utterances allows: "
                + $"{used:0.#} is used");
        }
    }

    private static void CheckNeighbours(Experiment experiment, IReadOnlyList<Fold> folds)
    {
        var smallest = folds.MinBy(fold => fold.Train.Count)!;
        int stored = smallest.Train.Count;
        int maxK = experiment.Retrieval.K.Max();
        if (maxK > stored)
        {
            throw new InputException($"retrieval.k asks for {maxK} neighbours, but the datastore of fold {smallest.Number} has "
                + $"{stored} training utterances: set retrieval.k to 1..{stored} or less");
        }
    }

    private static WeightsInput ReadWeights(string path)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new InputException($"encoder.weights: there is no file {full}: give a checkpoint of wav2vec 2.0 or HuBERT "
                + "as it was published (Hugging Face, fairseq or torchaudio)");
        }

        try
        {
            using var weights = PublishedWeights.Open(full);
            foreach (var tensor in weights.Parameters())
            {
                // Reading every tensor finds what is missing, truncated or of another shape.
            }

            using var file = File.OpenRead(full);
            string digest = Convert.ToHexStringLower(SHA256.HashData(file));
            return new WeightsInput(full, digest, weights.Architecture.Config, weights.Architecture.NormalizeInput);
        }
        catch (Exception unusable) when (unusable is InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"encoder.weights: {unusable.Message}", unusable);
        }
    }
}
