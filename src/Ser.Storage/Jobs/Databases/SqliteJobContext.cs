using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace Ser.Storage.Jobs.Databases;

/// <summary>The tables on SQLite. A type of its own, because EF Core keeps migrations per type of context.</summary>
internal sealed class SqliteJobContext(DbContextOptions<SqliteJobContext> options) : JobContext(options)
{
    public static DbContextOptions<SqliteJobContext> Options(string connectionString) =>
        new DbContextOptionsBuilder<SqliteJobContext>()
        .UseSqlite(connectionString, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter)).Options;

    /// <inheritdoc/>
    protected override SqlExpression NowSql() => new SqlFunctionExpression(
        "unixepoch",
        [new SqlConstantExpression("subsec", new StringTypeMapping("TEXT", DbType.String))],
        nullable: false,
        argumentsPropagateNullability: [false],
        typeof(double),
        new DoubleTypeMapping("REAL"));

    /// <summary>Creates the context for <c>dotnet ef migrations add</c>; not used otherwise.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteJobContext>
    {
        public SqliteJobContext CreateDbContext(string[] args) => new(Options("Data Source=:memory:"));
    }
}
