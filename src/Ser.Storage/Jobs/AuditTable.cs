using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

/// <summary>The table of what was done. Rows are added and read, never changed; no other table refers to it.</summary>
internal static class AuditTable
{
    public static int Add(JobContext db, AuditEntry entry)
    {
        double at = entry.At.ToUnixTimeMilliseconds() / 1000.0;
        return db.Database.ExecuteSql(
            $"INSERT INTO audit (\"At\", \"Who\", \"Address\", \"What\", \"Status\", \"Why\", \"Detail\") VALUES ({at}, {entry.Who}, {entry.From}, {entry.What}, {entry.Status}, {entry.Why}, {entry.Detail})");
    }

    public static AuditPage Page(JobContext db, string? words, int skip, int take)
    {
        IQueryable<Row> found = db.Database.SqlQuery<Row>($"SELECT \"Id\", \"At\", \"Who\", \"Address\", \"What\", \"Status\", \"Why\", \"Detail\" FROM audit");
        foreach (string given in (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string word = given.ToLowerInvariant();
            found = found.Where(row => (row.Who + " " + row.What + " " + (row.Why ?? "") + " " + (row.Detail ?? "")).ToLower().Contains(word));
        }

        return new AuditPage(found.Count(), found.OrderByDescending(row => row.Id).Skip(skip).Take(take).ToList().ConvertAll(row =>
            new AuditEntry(DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(1000 * row.At)), row.Who, row.Address, row.What, row.Status, row.Why, row.Detail)));
    }

    private sealed record Row(long Id, double At, string Who, string? Address, string What, int Status, string? Why, string? Detail);
}
