namespace Ser.Cli.Doctor.Data;

/// <summary>A part of the farm. Without a farm there is nothing to look at.</summary>
/// <param name="name">Its role.</param>
/// <param name="what">What plays it.</param>
internal sealed class FarmCheck(string name, string what) : ICheck
{
    public string Name => name;

    public Finding Look() => Finding.Ok($"{what}: not configured; sweeps run in one process on this machine");
}
