using Ser.Domain;
using Ser.Reporting;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>Which fine-tunes of a plan one table or figure needs.</summary>
/// <param name="Name">Name of the table or figure.</param>
/// <param name="Arms">Names of its arms.</param>
/// <param name="FineTunes">Number of fine-tunes that it needs.</param>
/// <param name="New">How many of them no earlier table in the list needs.</param>
public sealed record TableShare(string Name, IReadOnlyList<string> Arms, int FineTunes, int New)
{
    /// <summary>One entry for each table. Fine-tunes are counted by job id: equal work has equal ids.</summary>
    public static IReadOnlyList<TableShare> FromPlan(PreparedExperiment prepared)
    {
        var jobs = prepared.Folds.ToLookup(fold => fold.Arm, fold => fold.Jobs[FineTuneStage.StageName].Id);
        var counted = new HashSet<string>();
        var shares = new List<TableShare>();
        foreach (var need in PaperRequirements.Find(prepared.Context.Experiment))
        {
            string[] ids = [.. need.Arms.SelectMany(arm => jobs[arm]).Distinct()];
            shares.Add(new TableShare(need.Name, [.. need.Arms.Select(arm => arm.Name)], ids.Length, ids.Count(counted.Add)));
        }

        return shares;
    }

    public static IEnumerable<string> Lines(IReadOnlyList<TableShare> shares)
    {
        int widest = shares.Max(share => share.Name.Length);
        yield return "Fine-tunes that the paper's tables and figures need (equal jobs run once):";
        foreach (var share in shares)
        {
            string names = share.Name == PaperRequirements.NotInPaper ? $": {string.Join("; ", share.Arms)}" : "";
            string arms = Plural.Count(share.Arms.Count, "arm");
            yield return $"  {share.Name.PadRight(widest)}  {share.FineTunes,4} in {arms}, {share.Novelty}{names}";
        }

        yield return $"  {shares.Sum(share => share.New)} in total, in place of {shares.Sum(share => share.FineTunes)} without sharing";
    }

    private string Novelty => New == 0 ? "all shared" : New == FineTunes ? "all new" : $"{New} new";
}
