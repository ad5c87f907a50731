using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs.Databases;

/// <summary>The tables on PostgreSQL.</summary>
internal sealed class PostgresJobContext(DbContextOptions<PostgresJobContext> options) : JobContext(options)
{
    public static DbContextOptions<PostgresJobContext> Options(string connectionString) =>
        new DbContextOptionsBuilder<PostgresJobContext>()
        .UseNpgsql(connectionString, postgres => postgres.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
        .AddInterceptors(new SkipLockedInterceptor()).Options;

    /// <inheritdoc/>
    protected override SqlExpression NowSql() => new SqlFunctionExpression(
        "date_part",
        [
            new SqlConstantExpression("epoch", new StringTypeMapping("text", System.Data.DbType.String)),

            // Not now(), which is constant within a transaction.
            new SqlFunctionExpression(
                "clock_timestamp",
                [],
                nullable: false,
                argumentsPropagateNullability: [],
                typeof(DateTime),
                new DateTimeTypeMapping("timestamptz")),
        ],
        nullable: false,
        argumentsPropagateNullability: [false, false],
        typeof(double),
        new DoubleTypeMapping("double precision"));

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        model.Entity<WorkerRow>(worker =>
        {
            worker.ToTable("workers").HasKey(row => row.Name);
            worker.Property(row => row.Name).UseCollation("C");
            worker.Property(row => row.Reinstated).HasDefaultValue(0d);
            foreach (var column in worker.Metadata.GetProperties())
            {
                column.SetColumnName(column.Name.ToLowerInvariant());
            }
        });

        // Ids are compared in byte order, so that the index finds the prefix of an id whatever the locale of the database.
        var columns = model.Model.GetEntityTypes().SelectMany(row => row.GetProperties());
        foreach (var column in columns.Where(column => column.Name is "Id" or "JobId" or "ParentId" && column.ClrType == typeof(string)))
        {
            column.SetCollation("C");
        }

        // Leaves room on each page for the next version of a row, which then needs no new index entries (HOT updates).
        model.Entity<JobRow>().HasStorageParameter("fillfactor", 80);
        model.Entity<AttemptRow>().HasStorageParameter("fillfactor", 80);
    }

    /// <summary>Creates the context for <c>dotnet ef migrations add</c>; not used otherwise.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgresJobContext>
    {
        public PostgresJobContext CreateDbContext(string[] args) => new(Options("Host=nowhere"));
    }
}
