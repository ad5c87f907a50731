namespace Ser.Dashboard.Live;

/// <summary>What was last read, and whether it could be read again.</summary>
/// <param name="Value">What was read; null: nothing yet.</param>
/// <param name="At">When.</param>
/// <param name="Problem">Why it could not be read since.</param>
internal sealed record Moment<T>(T? Value, DateTimeOffset? At, Exception? Problem)
    where T : class;
