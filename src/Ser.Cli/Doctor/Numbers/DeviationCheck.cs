using System.Globalization;
using Ser.Learning.SelfCheck;

namespace Ser.Cli.Doctor.Numbers;

/// <summary>Whether a computed number is right on this machine.</summary>
/// <param name="name">What is computed.</param>
/// <param name="measure">Computes it and compares it with the reference.</param>
internal sealed class DeviationCheck(string name, Func<Deviation> measure) : ICheck
{
    public string Name => name;

    public Finding Run()
    {
        var deviation = measure();
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"deviation {deviation.Measured:0.##E+0}, tolerance {deviation.Tolerance:0.##E+0}: {deviation.Compared}");
        return deviation.IsWithinTolerance
            ? Finding.Ok(detail)
            : Finding.Failure(
                detail,
                "do not trust results of this machine: build the program again, update the driver if there is a GPU, test the memory, "
                + "and compare with another machine");
    }
}
