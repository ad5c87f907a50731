using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>The audit log. Rows are added and read, never changed; no other table refers to it.</summary>
internal static class AuditTable
{
    public static int Add(JobContext db, AuditEntry entry)
    {
        db.Audit.Add(new AuditRow
        {
            At = entry.At.ToUnixTimeMilliseconds() / 1000.0,
            Who = entry.Who,
            Address = entry.From,
            What = entry.What,
            Status = entry.Status,
            Why = entry.Why,
            Detail = entry.Detail,
        });
        return db.SaveChanges();
    }

    public static AuditPage FindPage(JobContext db, string? words, int skip, int take)
    {
        IQueryable<AuditRow> found = db.Audit.AsNoTracking();
        foreach (string given in (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string word = given.ToLowerInvariant();
            found = found.Where(row =>
                (row.Who + " " + row.What + " " + (row.Why ?? "") + " " + (row.Detail ?? "")).ToLower().Contains(word));
        }

        var rows = found.OrderByDescending(row => row.Id).Skip(skip).Take(take).ToList();
        return new AuditPage(found.Count(), rows.ConvertAll(ToEntry));
    }

    private static AuditEntry ToEntry(AuditRow row)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(1000 * row.At));
        return new AuditEntry(time, row.Who, row.Address, row.What, row.Status, row.Why, row.Detail);
    }
}
