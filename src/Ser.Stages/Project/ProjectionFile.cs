using Ser.Domain.Results;

namespace Ser.Stages.Project;

/// <summary>projection.json among the artifacts. Needs no libtorch to read.</summary>
public static class ProjectionFile
{
    private const string FileName = "projection.json";

    /// <summary>Writes it into a folder.</summary>
    public static void Write(string folder, FoldProjection projection) => SpecJson.WriteFile(Path.Combine(folder, FileName), projection);

    /// <summary>Reads it from an accepted result's folder.</summary>
    public static FoldProjection Read(string folder) => SpecJson.ReadFile<FoldProjection>(Path.Combine(folder, FileName));
}
