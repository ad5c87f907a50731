using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Jobs.Migrations.Postgres;

/// <summary>Who did what. No part of the model of jobs: nothing refers to it, and AuditTable alone reads it.</summary>
[DbContext(typeof(PostgresJobContext))]
[Migration("20261126130000_Audit")]
public sealed class Audit : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE audit (
            "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            "At" double precision NOT NULL,
            "Who" text NOT NULL,
            "Address" text,
            "What" text NOT NULL,
            "Status" integer NOT NULL,
            "Why" text,
            "Detail" text)
        """);

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("audit");
}
