using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

/// <summary>The audit log. Rows are added and read, never changed; no other table refers to it.</summary>
internal static class AuditTable
{
    public static int Add(JobContext db, AuditEntry entry)
    {
        double seconds = entry.At.ToUnixTimeMilliseconds() / 1000.0;
        return db.Database.ExecuteSql($"""
            INSERT INTO audit ("At", "Who", "Address", "What", "Status", "Why", "Detail")
            VALUES ({seconds}, {entry.Who}, {entry.From}, {entry.What}, {entry.Status}, {entry.Why}, {entry.Detail})
            """);
    }

    public static AuditPage FindPage(JobContext db, string? words, int skip, int take)
    {
        IQueryable<Row> found = db.Database.SqlQuery<Row>(
            $"""SELECT "Id", "At", "Who", "Address", "What", "Status", "Why", "Detail" FROM audit""");
        foreach (string given in (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string word = given.ToLowerInvariant();
            found = found.Where(row =>
                (row.Who + " " + row.What + " " + (row.Why ?? "") + " " + (row.Detail ?? "")).ToLower().Contains(word));
        }

        var rows = found.OrderByDescending(row => row.Id).Skip(skip).Take(take).ToList();
        return new AuditPage(found.Count(), rows.ConvertAll(ToEntry));
    }

    private static AuditEntry ToEntry(Row row)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(1000 * row.At));
        return new AuditEntry(time, row.Who, row.Address, row.What, row.Status, row.Why, row.Detail);
    }

    private sealed record Row(
        long Id,
        double At,
        string Who,
        string? Address,
        string What,
        int Status,
        string? Why,
        string? Detail);
}
