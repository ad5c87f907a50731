using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Jobs.Migrations.Sqlite;

/// <summary>On what terms a sweep runs, what jobs need and when they were put off, and sweeps on a schedule.</summary>
[DbContext(typeof(SqliteJobContext))]
[Migration("20261129030000_Terms")]
public sealed class Terms : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Owner", "sweeps", nullable: true);
        migrationBuilder.AddColumn<double>("Submitted", "sweeps", nullable: false, defaultValue: 0d);
        migrationBuilder.AddColumn<int>("Priority", "sweeps", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<double>("Weight", "sweeps", nullable: false, defaultValue: 1d);
        migrationBuilder.AddColumn<bool>("KeepWeights", "sweeps", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<string>("Told", "sweeps", nullable: true);
        migrationBuilder.AddColumn<int>("MaxAttempts", "jobs", nullable: false, defaultValue: 3);
        migrationBuilder.AddColumn<int>("Rung", "jobs", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<bool>("Aside", "jobs", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<string>("Right", "points", nullable: true);
        migrationBuilder.AddColumn<string>("Of", "points", nullable: true);
        migrationBuilder.AddColumn<double>("NotBefore", "jobs", nullable: true);
        migrationBuilder.AddColumn<int>("PutOffs", "jobs", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<string>("FaultedOn", "jobs", nullable: true);
        migrationBuilder.AddColumn<double>("FaultedAt", "jobs", nullable: true);
        migrationBuilder.AddColumn<int>("NeedsId", "jobs", nullable: true);
        migrationBuilder.AddColumn<string>("Reads", "jobs", nullable: true);
        migrationBuilder.Sql(
            """
            CREATE INDEX "IX_jobs_running" ON jobs ("SweepId") WHERE "State" = 'Running';
            CREATE INDEX "IX_attempts_faulted" ON attempts ("Ended") WHERE "Outcome" = 'Faulted';
            CREATE INDEX "IX_jobs_parked" ON jobs ("SweepId") WHERE "State" = 'Parked';
            CREATE TABLE needs ("Id" integer PRIMARY KEY, "Text" text NOT NULL);
            CREATE UNIQUE INDEX "IX_needs_Text" ON needs ("Text");
            CREATE TABLE schedules ("Name" text PRIMARY KEY, "Cron" text NOT NULL, "Zone" text NOT NULL, "Plan" text NOT NULL, "Owner" text);
            """);
    }
}
