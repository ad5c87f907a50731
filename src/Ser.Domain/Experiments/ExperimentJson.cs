using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>An experiment as complete JSON, every key written, also the defaults: what a sweep is stored as.</summary>
public static class ExperimentJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Keys in the order of the records; equal experiments give equal text.</summary>
    public static string Write(Experiment experiment) => JsonSerializer.Serialize(experiment, Options);

    /// <summary>As <see cref="Write"/>, for embedding in a larger document.</summary>
    public static JsonObject ToNode(Experiment experiment) => JsonSerializer.SerializeToNode(experiment, Options)!.AsObject();

    /// <summary>The inverse of <see cref="Write"/>. Keys that are absent have their defaults, so sweeps stored before a key was added can be read.</summary>
    /// <exception cref="InputException">The text is not such JSON, or has a key that this version does not know.</exception>
    public static Experiment Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Experiment>(json, Options) ?? throw new InputException("A stored experiment is null: it should be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InputException($"A stored experiment cannot be read; was it written by a newer version? {error.Message}", error);
        }
    }
}
