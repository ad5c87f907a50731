using Ser.Cli.Doctor.Data;
using Ser.Cli.Doctor.Machine;
using Ser.Cli.Doctor.Numbers;
using Ser.Learning.SelfCheck;
using Ser.Storage.Farm;

namespace Ser.Cli.Doctor;

/// <summary>Every check in order.</summary>
internal static class Checks
{
    /// <param name="dataFolder">Full path, whether or not it exists.</param>
    /// <param name="deep">Whether files are hashed; otherwise only their presence is checked.</param>
    /// <param name="clock">The clock.</param>
    internal static IReadOnlyList<ICheck> All(string dataFolder, bool deep, TimeProvider clock)
    {
        // Created first and run last: it detects a step of the clock in between.
        var clockCheck = new ClockCheck(clock, dataFolder);
        return
        [
            new SystemCheck(),
            new LibstdcxxCheck(),
            new LibtorchCheck(),
            new GpuCheck(),
            new SqliteCheck(),
            new LibsndfileCheck(),
            new ThreadsCheck(),
            new MemoryCheck(),
            new DiskCheck(dataFolder),
            new DatabaseCheck(dataFolder, deep),
            new RunnerCheck(dataFolder),
            new CorporaCheck(dataFolder, deep),
            new WeightsCheck(dataFolder, deep),
            new ResultsCheck(dataFolder, deep),
            new FarmCheck("job store", FarmHealth.CheckJobStore),
            new FarmCheck("broker", FarmHealth.CheckBroker),
            new FarmCheck("object store", FarmHealth.CheckObjectStore),
            new DeviationCheck("encoder in float32", NumericSelfCheck.Encoder),
            new DeviationCheck("encoder in bfloat16", NumericSelfCheck.EncoderInBFloat16),
            new DeviationCheck("contrastive loss", NumericSelfCheck.ContrastiveLoss),
            new DeviationCheck("gradient", NumericSelfCheck.Gradient),
            new DeviationCheck("nearest neighbours", NumericSelfCheck.Neighbours),
            new DeviationCheck("same bits twice", () => NumericSelfCheck.Determinism(Environment.ProcessorCount)),
            clockCheck,
        ];
    }
}
