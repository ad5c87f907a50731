using Ser.Domain;

namespace Ser.Storage.Jobs;

/// <summary>Creates the error for an unknown sweep, which lists the newest of the existing ones.</summary>
internal static class UnknownSweep
{
    private const int MaxListed = 20;

    public static InputException Create(string name, IReadOnlyList<string> known, string store)
    {
        if (known.Count == 0)
        {
            return new($"No sweep named {name}: {store} has no sweeps yet.");
        }

        string nearest = known.Count > 1 ? $"; the nearest is {Spelling.Nearest(name, known)}" : "";
        string verb = known.Count == 1 ? "is" : "are";
        string more = known.Count > MaxListed ? $" and {known.Count - MaxListed} earlier ones" : "";
        return new($"No sweep named {name} in {store}; there {verb} {string.Join(", ", known.TakeLast(MaxListed))}{more}{nearest}.");
    }
}
