using Ser.Domain.Results;

namespace Ser.Stages.Project;

/// <summary>The artifact projection.json. Reading it does not need libtorch.</summary>
public static class ProjectionFile
{
    private const string FileName = "projection.json";

    /// <summary>Writes it to a folder.</summary>
    public static void Write(string folder, FoldProjection projection) => SpecJson.WriteFile(Path.Combine(folder, FileName), projection);

    /// <summary>Reads it from the folder of an accepted result.</summary>
    public static FoldProjection Read(string folder) => SpecJson.ReadFile<FoldProjection>(Path.Combine(folder, FileName));
}
