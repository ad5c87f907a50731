namespace Ser.Cli.Doctor;

/// <summary>The outcome of a check.</summary>
internal enum CheckState
{
    Ok,
    Warning,
    Failure,
}

/// <summary>What a check found.</summary>
/// <param name="State">The outcome.</param>
/// <param name="Detail">What is there, or what is wrong.</param>
/// <param name="Remedy">What to do about it; null where nothing needs to be done.</param>
internal sealed record Finding(CheckState State, string Detail, string? Remedy = null)
{
    internal static Finding Ok(string detail) => new(CheckState.Ok, detail);

    internal static Finding Warning(string detail, string remedy) => new(CheckState.Warning, detail, remedy);

    internal static Finding Failure(string detail, string remedy) => new(CheckState.Failure, detail, remedy);
}

/// <summary>One check of `ser doctor`. It changes nothing; an exception that it throws becomes a failure.</summary>
internal interface ICheck
{
    /// <summary>The name in the text and in the JSON output.</summary>
    string Name { get; }

    /// <summary>Runs the check.</summary>
    Finding Run();
}
