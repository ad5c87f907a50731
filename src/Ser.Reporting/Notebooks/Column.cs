namespace Ser.Reporting.Notebooks;

/// <summary>A column of a table for notebooks: an array of string, int, long or double with one element for each row.</summary>
public sealed record Column(string Name, Array Values)
{
    /// <summary>A column that repeats one value.</summary>
    public static Column Constant<T>(string name, T value, int rows) => new(name, Enumerable.Repeat(value, rows).ToArray());
}
