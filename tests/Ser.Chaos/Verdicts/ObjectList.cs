using Minio;
using Minio.DataModel.Args;
using Ser.Chaos.Farm;

namespace Ser.Chaos.Verdicts;

/// <summary>What lies in the object store.</summary>
/// <param name="Keys">Of every object.</param>
/// <param name="Uploads">Keys of uploads in parts that did not come to their end.</param>
internal sealed record ObjectList(IReadOnlyList<string> Keys, IReadOnlyList<string> Uploads)
{
    private static readonly string[] Shared = ["inputs/", "corpora/", "weights/", "recordings/"];

    /// <param name="text">Address; access key; secret key.</param>
    public static async Task<ObjectList> ReadAsync(string text)
    {
        string[] parts = text.Split(';');
        using var client = new MinioClient().WithEndpoint(new Uri(parts[0]).Authority).WithCredentials(parts[1], parts[2]).WithRegion("us-east-1").Build();
        List<string> keys = [], uploads = [];
        await foreach (var item in client.ListObjectsEnumAsync(new ListObjectsArgs().WithBucket(SmallFarm.Bucket).WithRecursive(true)))
        {
            keys.Add(item.Key);
        }

        await foreach (var upload in client.ListIncompleteUploadsEnumAsync(new ListIncompleteUploadsArgs().WithBucket(SmallFarm.Bucket).WithRecursive(true)))
        {
            uploads.Add(upload.Key);
        }

        return new ObjectList(keys, uploads);
    }

    /// <summary>Checkpoints.</summary>
    public IReadOnlyList<string> Checkpoints => [.. Keys.Where(key => key.StartsWith("checkpoints/", StringComparison.Ordinal))];

    /// <summary>Objects of attempts, with what their keys begin with: stage/job/attempt/.</summary>
    public ILookup<string, string> ByAttempt => Keys.Except(Checkpoints).Where(key => !Shared.Any(folder => key.StartsWith(folder, StringComparison.Ordinal)))
        .ToLookup(key => string.Join('/', key.Split('/')[..3]) + "/");
}
