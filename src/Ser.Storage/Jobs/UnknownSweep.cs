using Ser.Domain;

namespace Ser.Storage.Jobs;

/// <summary>Creates the error for an unknown sweep, which lists the existing ones.</summary>
internal static class UnknownSweep
{
    public static InputException Create(string name, IReadOnlyList<string> known, string store)
    {
        if (known.Count == 0)
        {
            return new($"No sweep named {name}: {store} has no sweeps yet.");
        }

        string nearest = known.Count > 1 ? $"; the nearest is {Spelling.Nearest(name, known)}" : "";
        string verb = known.Count == 1 ? "is" : "are";
        return new($"No sweep named {name} in {store}; there {verb} {string.Join(", ", known)}{nearest}.");
    }
}
