namespace Ser.Scheduler.Recurring;

/// <summary>
/// The types that Hangfire may load. Its tables name types and methods, and whoever can write to the database could otherwise have the
/// scheduler run any method of any library.
/// </summary>
internal static class RecurringJobTypes
{
    private static readonly IReadOnlyDictionary<string, Type> Allowed =
        new[] { typeof(Upkeep), typeof(ScheduledSweeps), typeof(string) }.ToDictionary(type => type.FullName!);

    /// <summary>Finds a type by its name, with or without its assembly.</summary>
    /// <exception cref="TypeLoadException">The type is not one of a recurring job of ser.</exception>
    internal static Type Find(string name) => Allowed.TryGetValue(name.Split(',')[0].Trim(), out var type)
        ? type
        : throw new TypeLoadException($"{name} is not a type of a recurring job of ser, so it is not loaded");
}
