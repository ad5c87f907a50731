using System.Text;
using Ser.Domain.Corpora;
using Ser.Domain.Folds;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>A plan as text: folds with counts, and jobs by arm.</summary>
public static class PlanText
{
    /// <param name="prepared">The plan.</param>
    /// <param name="done">Ids of jobs that are already done.</param>
    /// <param name="shares">Which fine-tunes the paper's tables share.</param>
    /// <param name="cost">How long it will take, as far as that is known.</param>
    public static string Write(PreparedExperiment prepared, IReadOnlySet<string> done, IReadOnlyList<TableShare> shares, PlanCost cost)
    {
        var corpus = prepared.Context.Corpus;
        var text = new StringBuilder();
        string size = $"{corpus.Utterances.Count} utterances of {corpus.Speakers.Count} speakers";
        text.AppendLine($"{prepared.Context.Experiment.Name}: {size}, classes {string.Join(", ", corpus.Classes)}");
        if (corpus.LeftOut.Count > 0)
        {
            var labels = corpus.LeftOut.Select(pair => $"{pair.Key} {pair.Value}");
            text.AppendLine($"left out because of their label: {string.Join(", ", labels)}");
        }

        text.AppendLine();
        text.AppendLine("fold  test                             validation                       train");
        foreach (var fold in prepared.Context.Folds)
        {
            string test = Cell(corpus, fold.TestSpeakers, fold.Test);
            string validation = Cell(corpus, fold.ValidationSpeakers, fold.Validation);
            string train = $"{fold.TrainSpeakers.Count} speakers: {Counts(corpus, fold.Train)}";
            text.AppendLine($"{fold.Number,4}  {test,-32} {validation,-32} {train}");
        }

        text.AppendLine();
        text.AppendLine("Train, validation and test are disjoint in utterances and speakers; every utterance is tested once.");
        text.AppendLine();
        string stages = string.Join(" → ", Pipeline.StagesFor(prepared.Context.Experiment).Select(stage => stage.Name));
        foreach (var arm in prepared.Folds.GroupBy(fold => fold.Arm))
        {
            var jobs = arm.SelectMany(fold => fold.Jobs.Values).ToList();
            int doneCount = jobs.Count(job => done.Contains(job.Id));
            text.AppendLine($"arm {arm.Key.Name}: {arm.Count()} folds, {jobs.Count} jobs ({stages}), {doneCount} done");
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

    private static string Cell(Corpus corpus, IReadOnlyList<string> speakers, IReadOnlyList<int> utterances)
    {
        string names = speakers.Count > 2 ? $"{speakers.Count} speakers" : string.Join('+', speakers);
        return $"{names}: {Counts(corpus, utterances)}";
    }

    // Utterances of each class: `120/80/95/60`.
    private static string Counts(Corpus corpus, IReadOnlyList<int> utterances) =>
        string.Join('/', Enumerable.Range(0, corpus.Classes.Count).Select(c => utterances.Count(i => corpus.Utterances[i].Class == c)));
}
