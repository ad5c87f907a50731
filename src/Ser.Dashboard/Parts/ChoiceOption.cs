namespace Ser.Dashboard.Parts;

/// <summary>A button of a <see cref="Choice"/>.</summary>
/// <param name="Value">The value that it selects.</param>
/// <param name="Text">Its text.</param>
public sealed record ChoiceOption(string Value, string Text);
