using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Ser.Storage.Jobs.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Jobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    JobId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    Worker = table.Column<string>(type: "text", nullable: false),
                    Started = table.Column<double>(type: "double precision", nullable: false),
                    Ended = table.Column<double>(type: "double precision", nullable: true),
                    Outcome = table.Column<string>(type: "text", nullable: false),
                    ManifestDigest = table.Column<string>(type: "text", nullable: true),
                    Why = table.Column<string>(type: "text", nullable: true),
                    Log = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempts", x => new { x.JobId, x.Attempt });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 80);

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Stage = table.Column<string>(type: "text", nullable: false),
                    Title = table.Column<string>(type: "text", nullable: false),
                    Spec = table.Column<string>(type: "text", nullable: false),
                    Depth = table.Column<int>(type: "integer", nullable: false),
                    SweepId = table.Column<int>(type: "integer", nullable: true),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    Faults = table.Column<int>(type: "integer", nullable: false),
                    Losses = table.Column<int>(type: "integer", nullable: false),
                    Worker = table.Column<string>(type: "text", nullable: true),
                    LeaseUntil = table.Column<double>(type: "double precision", nullable: true),
                    Error = table.Column<string>(type: "text", nullable: true),
                    Checkpoint = table.Column<string>(type: "text", nullable: true),
                    AcceptedAttempt = table.Column<int>(type: "integer", nullable: true),
                    ManifestDigest = table.Column<string>(type: "text", nullable: true),
                    Step = table.Column<long>(type: "bigint", nullable: false),
                    Epoch = table.Column<int>(type: "integer", nullable: false),
                    Epochs = table.Column<int>(type: "integer", nullable: false),
                    Loss = table.Column<double>(type: "double precision", nullable: true),
                    StepsPerSecond = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => x.Id);
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 80);

            migrationBuilder.CreateTable(
                name: "parents",
                columns: table => new
                {
                    JobId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    ParentId = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_parents", x => new { x.JobId, x.Position });
                });

            migrationBuilder.CreateTable(
                name: "points",
                columns: table => new
                {
                    JobId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Epoch = table.Column<int>(type: "integer", nullable: false),
                    Loss = table.Column<double>(type: "double precision", nullable: false),
                    CrossEntropy = table.Column<double>(type: "double precision", nullable: false),
                    Contrastive = table.Column<double>(type: "double precision", nullable: false),
                    ValidationLoss = table.Column<double>(type: "double precision", nullable: false),
                    ValidationWa = table.Column<double>(type: "double precision", nullable: false),
                    ValidationUa = table.Column<double>(type: "double precision", nullable: false),
                    LearningRate = table.Column<double>(type: "double precision", nullable: false),
                    ResidentBytes = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points", x => new { x.JobId, x.Epoch });
                });

            migrationBuilder.CreateTable(
                name: "pulse",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pulse", x => x.Id);
                });

            // The one row is there from the beginning; a pulse only changes it.
            migrationBuilder.Sql("""INSERT INTO pulse ("Id", "At") VALUES (1, 0)""");

            migrationBuilder.CreateTable(
                name: "requests",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Target = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_requests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "sweep_jobs",
                columns: table => new
                {
                    SweepId = table.Column<int>(type: "integer", nullable: false),
                    JobId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Arm = table.Column<string>(type: "text", nullable: false),
                    Fold = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweep_jobs", x => new { x.SweepId, x.JobId });
                });

            migrationBuilder.CreateTable(
                name: "sweeps",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Definition = table.Column<string>(type: "text", nullable: false),
                    Wanted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweeps", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_attempts_offered",
                table: "attempts",
                columns: new[] { "JobId", "Attempt" },
                filter: "\"Outcome\" = 'Offered'");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_open",
                table: "jobs",
                columns: new[] { "SweepId", "Depth", "Position" },
                descending: new[] { false, true, false },
                filter: "\"State\" IN ('Ready', 'Running')");

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
                name: "jobs");

            migrationBuilder.DropTable(
                name: "parents");

            migrationBuilder.DropTable(
                name: "points");

            migrationBuilder.DropTable(
                name: "pulse");

            migrationBuilder.DropTable(
                name: "requests");

            migrationBuilder.DropTable(
                name: "sweep_jobs");

            migrationBuilder.DropTable(
                name: "sweeps");
        }
    }
}
