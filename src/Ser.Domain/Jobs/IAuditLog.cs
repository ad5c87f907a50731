namespace Ser.Domain.Jobs;

/// <summary>The log of operators' actions. <see cref="IJobReads.SearchAudit"/> reads it.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IAuditLog
{
    /// <summary>Appends an entry to the audit log.</summary>
    void RecordAudit(AuditEntry entry);
}
