using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ser.Storage.Jobs.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Turns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_jobs_State",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "IX_attempts_Outcome",
                table: "attempts");

            migrationBuilder.AddColumn<int>(
                name: "Position",
                table: "jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "SweepId",
                table: "jobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_jobs_open",
                table: "jobs",
                columns: new[] { "SweepId", "Depth", "Position" },
                descending: new[] { false, true, false },
                filter: "\"State\" IN ('Ready', 'Running')");

            // Each job in the turn of the earliest sweep that wants it.
            const string Earliest = "FROM sweep_jobs AS link JOIN sweeps AS sweep ON sweep.Id = link.SweepId WHERE link.JobId = jobs.Id AND sweep.Wanted ORDER BY sweep.Id LIMIT 1";
            migrationBuilder.Sql($"UPDATE jobs SET SweepId = (SELECT link.SweepId {Earliest}), Position = coalesce((SELECT link.Position {Earliest}), 0)");

            // The one row is there from the beginning; a pulse only changes it.
            migrationBuilder.Sql("INSERT OR IGNORE INTO pulse (Id, At) VALUES (1, 0)");

            migrationBuilder.CreateIndex(
                name: "IX_attempts_offered",
                table: "attempts",
                columns: new[] { "JobId", "Attempt" },
                filter: "\"Outcome\" = 'Offered'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_jobs_open",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "IX_attempts_offered",
                table: "attempts");

            migrationBuilder.DropColumn(
                name: "Position",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "SweepId",
                table: "jobs");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_State",
                table: "jobs",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_attempts_Outcome",
                table: "attempts",
                column: "Outcome");
        }
    }
}
