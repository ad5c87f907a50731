using Ser.Domain.Results;

namespace Ser.Stages.Evaluate;

/// <summary>evaluation.json among the artifacts. Needs no libtorch to read.</summary>
public static class EvaluationFile
{
    private const string FileName = "evaluation.json";

    /// <summary>Writes it into a folder.</summary>
    public static void Write(string folder, FoldEvaluation evaluation) => SpecJson.WriteFile(Path.Combine(folder, FileName), evaluation);

    /// <summary>Reads it from an accepted result's folder.</summary>
    public static FoldEvaluation Read(string folder) => SpecJson.ReadFile<FoldEvaluation>(Path.Combine(folder, FileName));
}
