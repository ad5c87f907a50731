using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Ser.Storage.Jobs.Databases;

/// <summary>Adds to a tagged query what LINQ has no word for: it locks the rows that it finds and passes over those that others hold.</summary>
internal sealed class SkipLocked : DbCommandInterceptor
{
    /// <summary>Tag of such a query. Its only table in FROM is the one whose rows are locked.</summary>
    public const string Tag = "for update skip locked";

    /// <inheritdoc/>
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (command.CommandText.StartsWith($"-- {Tag}", StringComparison.Ordinal))
        {
            command.CommandText += "\nFOR UPDATE SKIP LOCKED";
        }

        return result;
    }
}
