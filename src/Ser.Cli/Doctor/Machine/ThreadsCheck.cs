using Ser.Domain;
using TorchSharp;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Cores that this process may use, and whether libtorch accepts a number of threads.</summary>
internal sealed class ThreadsCheck : ICheck
{
    public string Name => "threads";

    public Finding Run()
    {
        int cores = Environment.ProcessorCount;
        foreach (int threads in (int[])[1, cores])
        {
            torch.set_num_threads(threads);
            if (torch.get_num_threads() != threads)
            {
                return Finding.Failure(
                    $"libtorch was set to {threads} threads and uses {torch.get_num_threads()}",
                    "unset OMP_NUM_THREADS and MKL_NUM_THREADS: the number of threads determines the bits of a result");
            }
        }

        string? setting = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        string note = string.IsNullOrEmpty(setting) ? "" : $"; OMP_NUM_THREADS={setting} is overridden";
        return Finding.Ok($"{Plural.Count(cores, "core")} for this process, libtorch uses as many threads as it is set to{note}");
    }
}
