using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>Reads and writes experiments as JSON with all keys, including defaults. Sweeps are stored in this form.</summary>
public static class ExperimentJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Writes an experiment, with keys in the order of the records. Equal experiments have equal text.</summary>
    public static string Write(Experiment experiment) => JsonSerializer.Serialize(experiment, Options);

    /// <summary>Does the same as <see cref="Write"/>, for embedding in a larger document.</summary>
    public static JsonObject ToNode(Experiment experiment) =>
        JsonSerializer.SerializeToNode(experiment, Options)!.AsObject();

    /// <summary>
    /// Reads what <see cref="Write"/> has written. Missing keys have their defaults, so that sweeps stored by older versions can be
    /// read.
    /// </summary>
    /// <exception cref="InputException">The text is not a valid experiment, or has a key that this version does not know.</exception>
    public static Experiment Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Experiment>(json, Options)
                ?? throw new InputException("A stored experiment is null: it should be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InputException($"A stored experiment cannot be read; was it written by a newer version? {error.Message}", error);
        }
    }
}
