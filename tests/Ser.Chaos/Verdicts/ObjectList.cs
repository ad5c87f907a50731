using Minio;
using Minio.DataModel.Args;
using Ser.Chaos.Farm;

namespace Ser.Chaos.Verdicts;

/// <summary>The objects in the object store.</summary>
/// <param name="Keys">The keys of all objects.</param>
/// <param name="Uploads">The keys of unfinished multipart uploads.</param>
internal sealed record ObjectList(IReadOnlyList<string> Keys, IReadOnlyList<string> Uploads)
{
    private static readonly string[] Shared = ["inputs/", "corpora/", "weights/", "recordings/"];

    /// <summary>Lists the farm's bucket.</summary>
    /// <param name="text">Address, access key and secret key, separated by semicolons.</param>
    public static async Task<ObjectList> ReadAsync(string text)
    {
        string[] parts = text.Split(';');
        using var client = new MinioClient()
            .WithEndpoint(new Uri(parts[0]).Authority)
            .WithCredentials(parts[1], parts[2])
            .WithRegion("us-east-1")
            .Build();
        List<string> keys = [], uploads = [];
        await foreach (var item in client.ListObjectsEnumAsync(new ListObjectsArgs().WithBucket(SmallFarm.Bucket).WithRecursive(true)))
        {
            keys.Add(item.Key);
        }

        var unfinished = new ListIncompleteUploadsArgs().WithBucket(SmallFarm.Bucket).WithRecursive(true);
        await foreach (var upload in client.ListIncompleteUploadsEnumAsync(unfinished))
        {
            uploads.Add(upload.Key);
        }

        return new ObjectList(keys, uploads);
    }

    /// <summary>The keys of checkpoints.</summary>
    public IReadOnlyList<string> Checkpoints => [.. Keys.Where(key => key.StartsWith("checkpoints/", StringComparison.Ordinal))];

    /// <summary>The keys of objects of attempts, by the prefix of the attempt: stage/job/attempt/.</summary>
    public ILookup<string, string> ByAttempt => Keys.Except(Checkpoints)
        .Where(key => !Shared.Any(folder => key.StartsWith(folder, StringComparison.Ordinal)))
        .ToLookup(key => string.Join('/', key.Split('/')[..3]) + "/");
}
