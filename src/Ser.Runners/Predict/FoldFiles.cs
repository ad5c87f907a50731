namespace Ser.Runners.Predict;

/// <summary>The locations of a finished fold's artifacts.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="Model">Folder of the accepted FineTune result.</param>
/// <param name="Datastore">Folder of the accepted BuildDatastore result.</param>
/// <param name="MedianDistance">Median distance of the fold's neighbours, the unit of its softmax temperatures.</param>
public sealed record FoldFiles(int Fold, string Model, string Datastore, double MedianDistance)
{
    /// <summary>Size of model and datastore in bytes, which is the same in memory and on disk.</summary>
    public long Bytes => BytesOf(Model) + BytesOf(Datastore);

    private static long BytesOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*.safetensors").Sum(file => file.Length);
}
