namespace Ser.Checkpoints.Pickles;

/// <summary>
/// The names that the pickle of a checkpoint may contain. All others are rejected, although no code would be run for them.
/// </summary>
internal static class PickledGlobals
{
    private static readonly HashSet<string> Plain =
    [
        "argparse.Namespace", "collections.Counter", "copyreg._reconstructor", "copy_reg._reconstructor",
        "numpy.dtype", "numpy.ndarray", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath",
        "torch.device", "torch.float16", "torch.bfloat16", "torch.float32", "torch.float64", "torch.int32", "torch.int64",
        "torch.bool", "torch.uint8",
    ];

    private static readonly HashSet<string> PlainBuiltins =
    [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "long", "object", "set",
        "str", "tuple", "unicode",
    ];

    /// <summary>The data type of a torch storage class; null where the name is not such a class.</summary>
    internal static string? StorageType(PickledGlobal global) => global.Module is "torch" or "torch.storage" or "torch.cuda"
        ? global.Name switch
        {
            "FloatStorage" => "F32",
            "DoubleStorage" => "F64",
            "HalfStorage" => "F16",
            "BFloat16Storage" => "BF16",
            "LongStorage" => "I64",
            "IntStorage" => "I32",
            "ShortStorage" => "I16",
            "CharStorage" => "I8",
            "ByteStorage" => "U8",
            "BoolStorage" => "BOOL",
            _ => null,
        }
        : null;

    /// <summary>Whether <see cref="PickledBuilder"/> implements the function.</summary>
    internal static bool IsImplemented(PickledGlobal global) => global.FullName
        is "collections.OrderedDict"
        or "collections.defaultdict"
        or "_codecs.encode"
        or "torch.Size"
        or "torch._utils._rebuild_tensor"
        or "torch._utils._rebuild_tensor_v2"
        or "torch._utils._rebuild_parameter"
        or "torch._utils._rebuild_parameter_with_state";

    /// <summary>
    /// Whether it is a class of plain data that published checkpoints contain besides their weights (configurations, enumerations, scores).
    /// Objects of these classes are kept as a name and a state.
    /// </summary>
    internal static bool IsPlainData(PickledGlobal global) => Plain.Contains(global.FullName)
        || global.Module is "typing"
        || (global.Module is "builtins" or "__builtin__" && PlainBuiltins.Contains(global.Name))
        || (global.Module is "numpy.core.multiarray" or "numpy._core.multiarray" && global.Name is "scalar" or "_reconstruct")
        || global.Module.StartsWith("fairseq.", StringComparison.Ordinal)
        || global.Module.StartsWith("omegaconf.", StringComparison.Ordinal);
}
