namespace Ser.Runners.Predict;

/// <summary>Where a finished fold's artifacts are.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="Model">Folder of the accepted FineTune result.</param>
/// <param name="Datastore">Folder of the accepted BuildDatastore result.</param>
/// <param name="MedianDistance">Unit of the fold's softmax temperatures.</param>
public sealed record FoldFiles(int Fold, string Model, string Datastore, double MedianDistance)
{
    /// <summary>Bytes of model and datastore, in memory as on disk.</summary>
    public long Bytes => ((string[])[Model, Datastore]).Sum(folder => new DirectoryInfo(folder).EnumerateFiles("*.safetensors").Sum(file => file.Length));
}
