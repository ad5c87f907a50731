using Microsoft.AspNetCore.Components;

namespace Ser.Dashboard.Parts;

/// <summary>
/// Lets a large component skip rendering while its parameters are unchanged. A page renders up to twice a second while its sweep runs.
/// </summary>
internal static class ParameterComparison
{
    /// <summary>Whether each of the named parameters has the same value as before.</summary>
    public static bool AreUnchanged(this ParameterView parameters, params ReadOnlySpan<(string Name, object? Current)> all)
    {
        foreach (var (name, current) in all)
        {
            object? given = parameters.GetValueOrDefault<object?>(name);
            if (!ReferenceEquals(given, current) && !(given is string or ValueType && given.Equals(current)))
            {
                return false;
            }
        }

        return true;
    }
}
