namespace Ser.Cli.Doctor;

/// <summary>How a check came out.</summary>
internal enum State
{
    Ok,
    Warning,
    Failure,
}

/// <summary>What a check found.</summary>
/// <param name="State">How it came out.</param>
/// <param name="Detail">What is there, or what is wrong.</param>
/// <param name="Cure">What to do; null where nothing needs doing.</param>
internal sealed record Finding(State State, string Detail, string? Cure = null)
{
    internal static Finding Ok(string detail) => new(State.Ok, detail);

    internal static Finding Warning(string detail, string cure) => new(State.Warning, detail, cure);

    internal static Finding Failure(string detail, string cure) => new(State.Failure, detail, cure);
}

/// <summary>One thing that `ser doctor` looks at. It changes nothing; what it throws becomes a failure.</summary>
internal interface ICheck
{
    /// <summary>For people and programs.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    Finding Look();
}
