using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Ser.Storage.Jobs.Databases;

/// <summary>Table and columns of a row type, for inserts that bypass the change tracker.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record BulkTable(string Table, IReadOnlyList<BulkColumn> Columns)
{
    /// <summary>Reads them from the model of the context.</summary>
    public static BulkTable FromModel<TRow>(DbContext db)
    {
        var entity = db.Model.FindEntityType(typeof(TRow))!;
        return new BulkTable(entity.GetTableName()!, [.. entity.GetProperties().Select(property => new BulkColumn(property))]);
    }

    /// <summary>Quoted names of the columns, separated by commas.</summary>
    public string QuotedNames => string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));
}

/// <summary>A column.</summary>
internal sealed class BulkColumn(IProperty property)
{
    public string Name { get; } = property.GetColumnName();

    public string StoreType { get; } = property.GetColumnType();

    /// <summary>The value of the column in a row as the database stores it, or null.</summary>
    public object? ReadValue(object row)
    {
        object? value = property.PropertyInfo!.GetValue(row);
        return property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
    }
}
