using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// Appends FOR UPDATE SKIP LOCKED to tagged queries, since LINQ cannot express it: locks the rows found and skips locked ones.
/// </summary>
internal sealed class SkipLockedInterceptor : DbCommandInterceptor
{
    /// <summary>Tag of such a query. FROM must contain only the table whose rows are locked.</summary>
    public const string Tag = "for update skip locked";

    /// <inheritdoc/>
    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (command.CommandText.StartsWith($"-- {Tag}", StringComparison.Ordinal))
        {
            command.CommandText += "\nFOR UPDATE SKIP LOCKED";
        }

        return result;
    }
}
