using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>The log of actions: <see cref="IAuditLog"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void What_was_done_is_kept_the_newest_first_and_is_found_by_its_words()
    {
        var at = new DateTimeOffset(2026, 11, 26, 12, 30, 0, 250, TimeSpan.Zero);
        AuditEntry[] acts =
        [
            new(at, "ann", "127.0.0.1", "cancel sweep one", 200, "it's wrong; DROP TABLE audit", null),
            new(at.AddSeconds(1), "bob", null, "retry jobs", 403, null, "a1 b2"),
        ];
        foreach (var act in acts)
        {
            Store().Audit.RecordAudit(act);
        }

        Assert.Equal(acts.Reverse(), Reads().SearchAudit(null, 0, 10).Entries);
        Assert.Equal([acts[0]], Reads().SearchAudit("ANN wrong", 0, 10).Entries);
        Assert.Equal([acts[1]], Reads().SearchAudit("b2", 0, 10).Entries);
        var page = Reads().SearchAudit(null, 1, 1);
        Assert.Equal((2, acts[0]), (page.Total, page.Entries.Single()));
    }
}
