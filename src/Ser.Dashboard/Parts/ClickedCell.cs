namespace Ser.Dashboard.Parts;

/// <summary>A clicked cell of a confusion matrix.</summary>
/// <param name="Truth">The true class.</param>
/// <param name="Answered">The predicted class.</param>
public sealed record ClickedCell(int Truth, int Answered);
