using Microsoft.AspNetCore.Components;

namespace Ser.Dashboard.Parts;

/// <summary>Spares a component that draws much from being drawn again though nothing that it shows is another: pages are drawn twice a second while a sweep runs.</summary>
internal static class Unchanged
{
    /// <summary>Whether every parameter named is given as it is held already.</summary>
    public static bool Keeps(this ParameterView parameters, params ReadOnlySpan<(string Name, object? Held)> all)
    {
        foreach (var (name, held) in all)
        {
            object? given = parameters.GetValueOrDefault<object?>(name);
            if (!ReferenceEquals(given, held) && !(given is string or ValueType && given.Equals(held)))
            {
                return false;
            }
        }

        return true;
    }
}
