using Ser.Domain.Results;

namespace Ser.Stages.Evaluate;

/// <summary>The artifact evaluation.json. Reading it does not need libtorch.</summary>
public static class EvaluationFile
{
    private const string FileName = "evaluation.json";

    /// <summary>Writes it to a folder.</summary>
    public static void Write(string folder, FoldEvaluation evaluation) => SpecJson.WriteFile(Path.Combine(folder, FileName), evaluation);

    /// <summary>Reads it from the folder of an accepted result.</summary>
    public static FoldEvaluation Read(string folder) => SpecJson.ReadFile<FoldEvaluation>(Path.Combine(folder, FileName));
}
