using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>The tables of the job store.</summary>
internal abstract class JobContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<SweepRow> Sweeps => Set<SweepRow>();

    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<SweepJobRow> SweepJobs => Set<SweepJobRow>();

    public DbSet<ParentRow> Parents => Set<ParentRow>();

    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();

    public DbSet<PointRow> Points => Set<PointRow>();

    public DbSet<RequestRow> Requests => Set<RequestRow>();

    public DbSet<PulseRow> Pulses => Set<PulseRow>();

    public DbSet<NeedsRow> Needs => Set<NeedsRow>();

    public DbSet<ScheduleRow> Schedules => Set<ScheduleRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    /// <summary>Seconds since 1970 on the database's clock, the only clock that leases use.</summary>
    public static double Now() => throw new InvalidOperationException("The database's clock can only be read within a query.");

    /// <summary>The SQL expression of <see cref="Now"/>.</summary>
    protected abstract SqlExpression NowSql();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.HasDbFunction(typeof(JobContext).GetMethod(nameof(Now))!).HasTranslation(_ => NowSql());

        model.Entity<SweepRow>(sweep =>
        {
            sweep.ToTable("sweeps").HasIndex(row => row.Name).IsUnique();
        });
        model.Entity<JobRow>(job =>
        {
            const string DoneHasResult = "\"State\" <> 'Done' OR \"AcceptedAttempt\" IS NOT NULL";
            job.ToTable("jobs", table => table.HasCheckConstraint("CK_jobs_done", DoneHasResult));
            job.Property(row => row.State).HasConversion<string>();

            // Partial indexes on jobs that can be claimed, run or are parked, which stay small when many sweeps have finished.
            job.HasIndex(row => row.SweepId, "IX_jobs_parked").HasFilter("\"State\" = 'Parked'");
            job.HasIndex(row => row.SweepId, "IX_jobs_running").HasFilter("\"State\" = 'Running'");
            job.HasIndex(row => new { row.SweepId, row.Depth, row.Position }, "IX_jobs_open")
                .IsDescending(false, true, false)
                .HasFilter("\"State\" IN ('Ready', 'Running')");
        });
        model.Entity<SweepJobRow>(link =>
        {
            link.ToTable("sweep_jobs").HasKey(row => new { row.SweepId, row.JobId });
            link.HasIndex(row => row.JobId);
        });
        model.Entity<ParentRow>(parent =>
        {
            parent.ToTable("parents").HasKey(row => new { row.JobId, row.Position });
            parent.HasIndex(row => row.ParentId);
        });
        model.Entity<AttemptRow>(attempt =>
        {
            attempt.ToTable("attempts").HasKey(row => new { row.JobId, row.Attempt });
            attempt.Property(row => row.Outcome).HasConversion<string>();
            attempt.Property(row => row.ManifestDigest).IsConcurrencyToken();
            attempt.HasIndex(row => row.Ended, "IX_attempts_faulted").HasFilter("\"Outcome\" = 'Faulted'");
            attempt.HasIndex(row => new { row.JobId, row.Attempt }, "IX_attempts_completed").HasFilter("\"Outcome\" = 'Completed'");
        });
        model.Entity<PointRow>().ToTable("points").HasKey(row => new { row.JobId, row.Epoch });
        model.Entity<RequestRow>(request =>
        {
            request.ToTable("requests");
            request.Property(row => row.Kind).HasConversion<string>();
        });
        model.Entity<NeedsRow>().ToTable("needs").HasIndex(row => row.Text).IsUnique();
        model.Entity<ScheduleRow>().ToTable("schedules").HasKey(row => row.Name);
        model.Entity<AuditRow>().ToTable("audit");
        model.Entity<PulseRow>(pulse =>
        {
            pulse.ToTable("pulse");
            pulse.Property(row => row.Id).ValueGeneratedNever();
            pulse.HasData(new PulseRow { Id = 1, At = 0 });
        });
    }
}
