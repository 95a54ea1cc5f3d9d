using MedGen.Torch.Operations;
using TorchSharp;

namespace MedGen.Cli.Doctor;

/// <summary>Whether libtorch loads, and a tiny operation on each device.</summary>
internal static class TorchChecks
{
    public static IReadOnlyList<CheckResult> All()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return
            [
                CheckResult.Failed(
                    "libtorch",
                    exception.Message.ReplaceLineEndings(" "),
                    "build with ./medgen (it prepares the native libraries; see docs/adr/0003-libtorch-natives.md)"),
            ];
        }

        List<CheckResult> results =
            [CheckResult.Ok("libtorch", $"{torch.__version__}, {torch.get_num_threads()} threads"), Kernels(), TinyOperation("cpu")];
        if (torch.cuda.is_available())
        {
            results.AddRange(Enumerable.Range(0, torch.cuda.device_count()).Select(index => TinyOperation($"cuda:{index}")));
        }
        else
        {
            results.Add(CheckResult.Ok("device cuda", "none found; everything runs on the CPU"));
        }

        return results;
    }

    private static CheckResult Kernels() => CheckResult.Ok("kernels", $"{CpuKernels.Current.Name}: {CpuKernels.Current.Reason}");

    private static CheckResult TinyOperation(string device)
    {
        string check = $"device {device}";
        try
        {
            using var scope = torch.NewDisposeScope();
            float sum = torch.ones(new long[] { 8, 8 }, device: torch.device(device))
                .matmul(torch.ones(new long[] { 8, 8 }, device: torch.device(device))).sum().item<float>();
            return sum == 512f
                ? CheckResult.Ok(check, "8×8 matrix product is right")
                : CheckResult.Failed(check, $"8×8 matrix product gives {sum}, not 512", "the device or its driver is faulty; do not use it");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return CheckResult.Failed(check, exception.Message.ReplaceLineEndings(" "), "check the driver; restart the machine if it worked before");
        }
    }
}
