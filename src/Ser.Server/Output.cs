using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Server;

/// <summary>Results go to standard output, everything else to standard error.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static void WriteJson(JsonNode document) => Console.Out.WriteLine(document.ToJsonString(Indented));

    internal static void WriteText(string text) => Console.Out.WriteLine(text.TrimEnd());

    /// <summary>A message for the user, on standard error.</summary>
    internal static void WriteMessage(string text) => Console.Error.WriteLine(text);
}
