using System.Text;
using Ser.Domain.Corpora;
using Ser.Domain.Folds;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>A plan as people read it: folds with counts, and jobs by arm.</summary>
public static class PlanText
{
    /// <param name="prepared">The plan.</param>
    /// <param name="done">Ids of jobs that are done already.</param>
    /// <param name="shares">What the paper's tables share.</param>
    /// <param name="cost">How long it will take, as far as that is known.</param>
    public static string Of(Preparation prepared, IReadOnlySet<string> done, IReadOnlyList<TableShare> shares, PlanCost cost)
    {
        var corpus = prepared.Context.Corpus;
        var text = new StringBuilder();
        text.AppendLine($"{prepared.Context.Experiment.Name}: {corpus.Utterances.Count} utterances of {corpus.Speakers.Count} speakers, classes {string.Join(", ", corpus.Classes)}");
        if (corpus.LeftOut.Count > 0)
        {
            text.AppendLine($"left out by their label: {string.Join(", ", corpus.LeftOut.Select(pair => $"{pair.Key} {pair.Value}"))}");
        }

        text.AppendLine();
        text.AppendLine("fold  test                             validation                       train");
        foreach (var fold in prepared.Context.Folds)
        {
            text.AppendLine($"{fold.Number,4}  {Cell(corpus, fold.TestSpeakers, fold.Test),-32} {Cell(corpus, fold.ValidationSpeakers, fold.Validation),-32} "
                + $"{fold.TrainSpeakers.Count} speakers: {Counts(corpus, fold.Train)}");
        }

        text.AppendLine();
        text.AppendLine("No speaker and no utterance stands on two sides of a fold; every utterance is tested once.");
        text.AppendLine();
        foreach (var arm in prepared.Folds.GroupBy(fold => fold.Arm))
        {
            var jobs = arm.SelectMany(fold => fold.Jobs.Values).ToList();
            text.AppendLine($"arm {arm.Key.Name}: {arm.Count()} folds, {jobs.Count} jobs ({string.Join(" → ", Pipeline.For(prepared.Context.Experiment).Select(stage => stage.Name))}), {jobs.Count(job => done.Contains(job.Id))} done");
        }

        text.AppendLine();
        foreach (string line in TableShare.Lines(shares).Concat(cost.Lines()))
        {
            text.AppendLine(line);
        }

        text.AppendLine();
        text.AppendLine($"Noise: {prepared.Noise.Text}");
        return text.ToString();
    }

    private static string Cell(Corpus corpus, IReadOnlyList<string> speakers, IReadOnlyList<int> utterances) =>
        $"{(speakers.Count > 2 ? $"{speakers.Count} speakers" : string.Join('+', speakers))}: {Counts(corpus, utterances)}";

    private static string Counts(Corpus corpus, IReadOnlyList<int> utterances) =>
        string.Join('/', Enumerable.Range(0, corpus.Classes.Count).Select(c => utterances.Count(i => corpus.Utterances[i].Class == c)));
}
