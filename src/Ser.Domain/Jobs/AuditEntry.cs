namespace Ser.Domain.Jobs;

/// <summary>What somebody did, or tried to.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Who">Name of the token.</param>
/// <param name="From">Address that it came from.</param>
/// <param name="What">What was asked for.</param>
/// <param name="Status">The answer, as HTTP has it: 200 is done.</param>
/// <param name="Why">The reason that was given; null: none.</param>
/// <param name="Detail">The ids that it was done to, where the words do not name it; null: they do.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string? From, string What, int Status, string? Why, string? Detail);

/// <summary>A page of the entries that match, the newest first.</summary>
public sealed record AuditPage(int Total, IReadOnlyList<AuditEntry> Entries);
