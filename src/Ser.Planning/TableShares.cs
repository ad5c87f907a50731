using Ser.Reporting;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>What one table takes of a plan.</summary>
/// <param name="Name">Of the table or figure.</param>
/// <param name="Arms">Names of its arms.</param>
/// <param name="FineTunes">Fine-tunes that it is made of.</param>
/// <param name="New">Of these, those that no table before it has.</param>
public sealed record TableShare(string Name, IReadOnlyList<string> Arms, int FineTunes, int New)
{
    /// <summary>Counted by the jobs' ids, which are equal where the work is.</summary>
    public static IReadOnlyList<TableShare> Of(Preparation prepared)
    {
        var jobs = prepared.Folds.ToLookup(fold => fold.Arm, fold => fold.Jobs[FineTuneStage.StageName].Id);
        var had = new HashSet<string>();
        return [.. PaperNeeds.Of(prepared.Context.Experiment).Select(need =>
        {
            string[] ids = [.. need.Arms.SelectMany(arm => jobs[arm]).Distinct()];
            return new TableShare(need.Name, [.. need.Arms.Select(arm => arm.Name)], ids.Length, ids.Count(had.Add));
        })];
    }

    public static IEnumerable<string> Lines(IReadOnlyList<TableShare> shares)
    {
        int widest = shares.Max(share => share.Name.Length);
        yield return "What the paper's tables and figures take, in fine-tunes (equal jobs are one):";
        foreach (var share in shares)
        {
            string names = share.Name == PaperNeeds.Others ? $": {string.Join("; ", share.Arms)}" : "";
            yield return $"  {share.Name.PadRight(widest)}  {share.FineTunes,4} in {share.Arms.Count} arm{(share.Arms.Count == 1 ? "" : "s")}, {(share.New == 0 ? "all of them shared" : share.New == share.FineTunes ? "all new" : $"{share.New} new")}{names}";
        }

        yield return $"  together {shares.Sum(share => share.New)}; one by one they would be {shares.Sum(share => share.FineTunes)}";
    }
}
