using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>The table of what jobs need of workers: a few rows, since the jobs of a sweep need the same.</summary>
internal static class NeedsTable
{
    /// <summary>Numbers of these needs; those that are not there yet are added. Under the lock of plans.</summary>
    public static IReadOnlyDictionary<JobNeeds, int> Ids(JobContext db, IEnumerable<JobNeeds?> needs)
    {
        var asked = needs.OfType<JobNeeds>().Where(need => !need.IsNone).DistinctBy(need => need.ToText()).ToList();
        if (asked.Count == 0)
        {
            return new Dictionary<JobNeeds, int>();
        }

        var texts = asked.ConvertAll(need => need.ToText());
        var known = db.Needs.Where(row => texts.Contains(row.Text)).ToList();
        db.Needs.AddRange(texts.Except(known.Select(row => row.Text)).Select(text => new NeedsRow { Text = text }));
        db.SaveChanges();
        return db.Needs.Where(row => texts.Contains(row.Text)).AsEnumerable().ToDictionary(row => JobNeeds.FromText(row.Text), row => row.Id, ByText.Instance);
    }

    /// <summary>The number of these needs; null: none in particular.</summary>
    public static int? IdOf(IReadOnlyDictionary<JobNeeds, int> ids, JobNeeds? needs) => needs is null || needs.IsNone ? null : ids[needs];

    /// <summary>Numbers of those needs that a worker does not meet.</summary>
    public static IReadOnlyList<int> UnmetBy(JobContext db, WorkerAbility? worker) =>
        worker is null ? [] : [.. db.Needs.AsNoTracking().AsEnumerable().Where(row => !JobNeeds.FromText(row.Text).MetBy(worker)).Select(row => row.Id)];

    private sealed class ByText : IEqualityComparer<JobNeeds>
    {
        public static ByText Instance { get; } = new();

        public bool Equals(JobNeeds? one, JobNeeds? other) => one?.ToText() == other?.ToText();

        public int GetHashCode(JobNeeds needs) => needs.ToText().GetHashCode(StringComparison.Ordinal);
    }
}
