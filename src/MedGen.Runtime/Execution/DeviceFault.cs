using System.Runtime.InteropServices;

namespace MedGen.Runtime.Execution;

/// <summary>Tells faults of the device, after which nothing on it works any more in this process, from errors of one piece of work.</summary>
internal static class DeviceFault
{
    // How libtorch words them; memory that ran out is none: it comes back.
    private static readonly string[] Signs =
        ["CUDA error", "CUDNN_STATUS", "CUBLAS_STATUS_EXECUTION_FAILED", "device-side assert", "unspecified launch failure"];

    public static bool Is(Exception exception) =>
        exception is ExternalException
        && Signs.Any(sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase))
        && !exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);
}
