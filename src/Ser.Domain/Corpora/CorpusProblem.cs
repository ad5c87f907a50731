namespace Ser.Domain.Corpora;

/// <summary>A problem of a corpus. A corpus with problems cannot be used.</summary>
/// <param name="Path">The file, with a line number where that helps.</param>
/// <param name="What">Description of the problem.</param>
/// <param name="Cure">How to solve it.</param>
public sealed record CorpusProblem(string Path, string What, string Cure);
