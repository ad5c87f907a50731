using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>The table of the requirements of jobs. It has few rows, since the jobs of a sweep have the same requirements.</summary>
internal static class NeedsTable
{
    /// <summary>Ids of these requirements; missing rows are added. The caller holds the plan lock.</summary>
    public static IReadOnlyDictionary<JobNeeds, int> EnsureIds(JobContext db, IEnumerable<JobNeeds?> needs)
    {
        var distinct = needs.OfType<JobNeeds>().Where(need => !need.IsNone).DistinctBy(need => need.ToText()).ToList();
        if (distinct.Count == 0)
        {
            return new Dictionary<JobNeeds, int>();
        }

        var texts = distinct.ConvertAll(need => need.ToText());
        var known = db.Needs.Where(row => texts.Contains(row.Text)).ToList();
        db.Needs.AddRange(texts.Except(known.Select(row => row.Text)).Select(text => new NeedsRow { Text = text }));
        db.SaveChanges();
        var rows = db.Needs.Where(row => texts.Contains(row.Text)).AsEnumerable();
        return rows.ToDictionary(row => JobNeeds.FromText(row.Text), row => row.Id, ByText.Instance);
    }

    /// <summary>The id of these requirements; null: no requirements.</summary>
    public static int? FindId(IReadOnlyDictionary<JobNeeds, int> ids, JobNeeds? needs) => needs is null || needs.IsNone ? null : ids[needs];

    /// <summary>Ids of the requirements that a worker does not meet.</summary>
    public static IReadOnlyList<int> FindUnmet(JobContext db, WorkerCapabilities? worker)
    {
        if (worker is null)
        {
            return [];
        }

        var rows = db.Needs.AsNoTracking().AsEnumerable();
        return [.. rows.Where(row => !JobNeeds.FromText(row.Text).AreMetBy(worker)).Select(row => row.Id)];
    }

    private sealed class ByText : IEqualityComparer<JobNeeds>
    {
        public static ByText Instance { get; } = new();

        public bool Equals(JobNeeds? first, JobNeeds? second) => first?.ToText() == second?.ToText();

        public int GetHashCode(JobNeeds needs) => needs.ToText().GetHashCode(StringComparison.Ordinal);
    }
}
