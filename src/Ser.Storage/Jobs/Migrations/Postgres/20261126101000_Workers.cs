using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Jobs.Migrations.Postgres;

/// <summary>Who works. No part of the model of jobs: nothing refers to it, and PostgresWorkers alone reads it.</summary>
[DbContext(typeof(PostgresJobContext))]
[Migration("20261126101000_Workers")]
public sealed class Workers : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE workers (
            name text COLLATE "C" PRIMARY KEY,
            instance text NOT NULL,
            info text NOT NULL,
            running text NOT NULL,
            orders integer NOT NULL,
            seen double precision NOT NULL)
        """);

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("workers");
}
