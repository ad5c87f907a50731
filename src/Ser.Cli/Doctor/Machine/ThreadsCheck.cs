using TorchSharp;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Cores that this process may use, and whether libtorch takes a number of threads.</summary>
internal sealed class ThreadsCheck : ICheck
{
    public string Name => "threads";

    public Finding Look()
    {
        int cores = Environment.ProcessorCount;
        foreach (int threads in (int[])[1, cores])
        {
            torch.set_num_threads(threads);
            if (torch.get_num_threads() != threads)
            {
                return Finding.Failure($"libtorch was told to use {threads} threads and uses {torch.get_num_threads()}", "unset OMP_NUM_THREADS and MKL_NUM_THREADS: the number of threads decides the bits of a result");
            }
        }

        string? set = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 } omp ? $"; OMP_NUM_THREADS={omp} is overridden" : null;
        return Finding.Ok($"{cores} core{(cores == 1 ? "" : "s")} for this process, libtorch uses as many threads as it is told{set}");
    }
}
