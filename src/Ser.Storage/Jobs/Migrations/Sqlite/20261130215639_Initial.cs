using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ser.Storage.Jobs.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    JobId = table.Column<string>(type: "TEXT", nullable: false),
                    Attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    Worker = table.Column<string>(type: "TEXT", nullable: false),
                    Started = table.Column<double>(type: "REAL", nullable: false),
                    Ended = table.Column<double>(type: "REAL", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    ManifestDigest = table.Column<string>(type: "TEXT", nullable: true),
                    Why = table.Column<string>(type: "TEXT", nullable: true),
                    Log = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempts", x => new { x.JobId, x.Attempt });
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<double>(type: "REAL", nullable: false),
                    Who = table.Column<string>(type: "TEXT", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    What = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Why = table.Column<string>(type: "TEXT", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Spec = table.Column<string>(type: "TEXT", nullable: false),
                    Depth = table.Column<int>(type: "INTEGER", nullable: false),
                    SweepId = table.Column<int>(type: "INTEGER", nullable: true),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    Attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    Faults = table.Column<int>(type: "INTEGER", nullable: false),
                    LostLeases = table.Column<int>(type: "INTEGER", nullable: false),
                    Worker = table.Column<string>(type: "TEXT", nullable: true),
                    LeaseUntil = table.Column<double>(type: "REAL", nullable: true),
                    Error = table.Column<string>(type: "TEXT", nullable: true),
                    Checkpoint = table.Column<string>(type: "TEXT", nullable: true),
                    AcceptedAttempt = table.Column<int>(type: "INTEGER", nullable: true),
                    ManifestDigest = table.Column<string>(type: "TEXT", nullable: true),
                    Step = table.Column<long>(type: "INTEGER", nullable: false),
                    Epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    Epochs = table.Column<int>(type: "INTEGER", nullable: false),
                    Loss = table.Column<double>(type: "REAL", nullable: true),
                    StepsPerSecond = table.Column<double>(type: "REAL", nullable: true),
                    MaxAttempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Rung = table.Column<int>(type: "INTEGER", nullable: false),
                    EliminatedByHalving = table.Column<bool>(type: "INTEGER", nullable: false),
                    NotBefore = table.Column<double>(type: "REAL", nullable: true),
                    Snoozes = table.Column<int>(type: "INTEGER", nullable: false),
                    FaultedOn = table.Column<string>(type: "TEXT", nullable: true),
                    FaultedAt = table.Column<double>(type: "REAL", nullable: true),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    ResultVersion = table.Column<long>(type: "INTEGER", nullable: false),
                    NeedsId = table.Column<int>(type: "INTEGER", nullable: true),
                    Reads = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => x.Id);
                    table.CheckConstraint("CK_jobs_done", "\"State\" <> 'Done' OR \"AcceptedAttempt\" IS NOT NULL");
                });

            migrationBuilder.CreateTable(
                name: "needs",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Text = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_needs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "parents",
                columns: table => new
                {
                    JobId = table.Column<string>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    ParentId = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_parents", x => new { x.JobId, x.Position });
                });

            migrationBuilder.CreateTable(
                name: "points",
                columns: table => new
                {
                    JobId = table.Column<string>(type: "TEXT", nullable: false),
                    Epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    Loss = table.Column<double>(type: "REAL", nullable: false),
                    CrossEntropy = table.Column<double>(type: "REAL", nullable: false),
                    Contrastive = table.Column<double>(type: "REAL", nullable: false),
                    ValidationLoss = table.Column<double>(type: "REAL", nullable: false),
                    ValidationWa = table.Column<double>(type: "REAL", nullable: false),
                    ValidationUa = table.Column<double>(type: "REAL", nullable: false),
                    LearningRate = table.Column<double>(type: "REAL", nullable: false),
                    ResidentBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Right = table.Column<string>(type: "TEXT", nullable: true),
                    Of = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points", x => new { x.JobId, x.Epoch });
                });

            migrationBuilder.CreateTable(
                name: "pulse",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pulse", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "requests",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Target = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_requests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "schedules",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Cron = table.Column<string>(type: "TEXT", nullable: false),
                    Zone = table.Column<string>(type: "TEXT", nullable: false),
                    Plan = table.Column<string>(type: "TEXT", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_schedules", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "sweep_jobs",
                columns: table => new
                {
                    SweepId = table.Column<int>(type: "INTEGER", nullable: false),
                    JobId = table.Column<string>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Arm = table.Column<string>(type: "TEXT", nullable: false),
                    Fold = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweep_jobs", x => new { x.SweepId, x.JobId });
                });

            migrationBuilder.CreateTable(
                name: "sweeps",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Definition = table.Column<string>(type: "TEXT", nullable: false),
                    Withdrawn = table.Column<bool>(type: "INTEGER", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: true),
                    Submitted = table.Column<double>(type: "REAL", nullable: false),
                    Priority = table.Column<int>(type: "INTEGER", nullable: false),
                    Weight = table.Column<double>(type: "REAL", nullable: false),
                    KeepWeights = table.Column<bool>(type: "INTEGER", nullable: false),
                    NotifiedState = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    ResultVersion = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweeps", x => x.Id);
                });

            migrationBuilder.InsertData(
                table: "pulse",
                columns: new[] { "Id", "At" },
                values: new object[] { 1, 0.0 });

            migrationBuilder.CreateIndex(
                name: "IX_attempts_completed",
                table: "attempts",
                columns: new[] { "JobId", "Attempt" },
                filter: "\"Outcome\" = 'Completed'");

            migrationBuilder.CreateIndex(
                name: "IX_attempts_faulted",
                table: "attempts",
                column: "Ended",
                filter: "\"Outcome\" = 'Faulted'");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_open",
                table: "jobs",
                columns: new[] { "SweepId", "Depth", "Position" },
                descending: new[] { false, true, false },
                filter: "\"State\" IN ('Ready', 'Running')");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_parked",
                table: "jobs",
                column: "SweepId",
                filter: "\"State\" = 'Parked'");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_running",
                table: "jobs",
                column: "SweepId",
                filter: "\"State\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_needs_Text",
                table: "needs",
                column: "Text",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_parents_ParentId",
                table: "parents",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_sweep_jobs_JobId",
                table: "sweep_jobs",
                column: "JobId");

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_Name",
                table: "sweeps",
                column: "Name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "jobs");

            migrationBuilder.DropTable(
                name: "needs");

            migrationBuilder.DropTable(
                name: "parents");

            migrationBuilder.DropTable(
                name: "points");

            migrationBuilder.DropTable(
                name: "pulse");

            migrationBuilder.DropTable(
                name: "requests");

            migrationBuilder.DropTable(
                name: "schedules");

            migrationBuilder.DropTable(
                name: "sweep_jobs");

            migrationBuilder.DropTable(
                name: "sweeps");
        }
    }
}
