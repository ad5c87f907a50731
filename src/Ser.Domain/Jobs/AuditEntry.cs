namespace Ser.Domain.Jobs;

/// <summary>One entry of the audit log: an action that was carried out or refused.</summary>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Who">Name of the token that was used.</param>
/// <param name="From">Network address of the client.</param>
/// <param name="What">The action in words, such as "cancel sweep emodb".</param>
/// <param name="Status">HTTP status of the response; 200 means that the action was carried out.</param>
/// <param name="Why">The reason that the client gave; null if it gave none.</param>
/// <param name="Detail">Ids of the affected jobs, where <paramref name="What"/> does not name them; otherwise null.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string? From, string What, int Status, string? Why, string? Detail);

/// <summary>One page of the matching audit entries, newest first.</summary>
/// <param name="Total">Number of matching entries on all pages.</param>
/// <param name="Entries">The entries of this page.</param>
public sealed record AuditPage(int Total, IReadOnlyList<AuditEntry> Entries);
