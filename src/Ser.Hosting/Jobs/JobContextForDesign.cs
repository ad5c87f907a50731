using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Ser.Hosting.Jobs;

/// <summary>Lets <c>dotnet ef migrations add</c> make the context; nothing else uses it.</summary>
internal sealed class JobContextForDesign : IDesignTimeDbContextFactory<JobContext>
{
    public JobContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<JobContext>().UseSqlite("Data Source=:memory:").Options);
}
