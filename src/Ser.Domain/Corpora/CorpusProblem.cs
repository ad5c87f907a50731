namespace Ser.Domain.Corpora;

/// <summary>Something wrong with a corpus. Nothing is run while a corpus has one.</summary>
/// <param name="Path">The file, with a line where that says more.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Cure">What to do.</param>
public sealed record CorpusProblem(string Path, string What, string Cure);
