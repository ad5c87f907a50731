using Microsoft.Extensions.Configuration;
using Ser.Domain;

namespace Ser.Server.Hosts;

/// <summary>Reads a record of timings from its section: each property of type TimeSpan may be overridden by the key of its name.</summary>
internal static class TimingsSection
{
    /// <param name="configuration">The configuration.</param>
    /// <param name="section">The section, such as Worker:Timings.</param>
    /// <param name="parse">Parses the duration at a key; null: it is wrong and has been added to the problems.</param>
    /// <param name="problems">Unknown keys are added here, each with the nearest known one.</param>
    internal static T Read<T>(
        IConfiguration configuration,
        string section,
        Func<IConfiguration, string, List<string>, TimeSpan?> parse,
        List<string> problems)
        where T : new()
    {
        var timings = new T();
        var properties = typeof(T).GetProperties().Where(property => property.PropertyType == typeof(TimeSpan)).ToList();
        string[] names = [.. properties.Select(property => property.Name)];
        foreach (var child in configuration.GetSection(section).GetChildren())
        {
            var property = properties.Find(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                problems.Add($"{child.Path} is not a setting: the nearest is {section}:{Spelling.Nearest(child.Key, names)}");
            }
            else if (parse(configuration, child.Path, problems) is { } value)
            {
                property.SetValue(timings, value);
            }
        }

        return timings;
    }
}
