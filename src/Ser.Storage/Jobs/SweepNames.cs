using Ser.Domain;

namespace Ser.Storage.Jobs;

/// <summary>Says of an unknown sweep which there are.</summary>
internal static class SweepNames
{
    public static InputException Unknown(string name, IReadOnlyList<string> known, string store) => new(known.Count == 0
        ? $"No sweep named {name}: {store} holds none yet."
        : $"No sweep named {name} in {store}; there {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known)}{(known.Count > 1 ? $"; the nearest is {Nearest.Of(name, known)}" : "")}.");
}
