using MedGen.Sdk.Frames;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using TorchSharp;

namespace Vendor_Plugin;

/// <summary>Computes with torch, on the host's device thread.</summary>
internal static class Brightness
{
    /// <summary>Mean of all pixels, 0 for black to 1 for white.</summary>
    public static Task<double> OfAsync(VideoFrame frame, IDeviceExecutor device, CancellationToken cancellationToken) => device.RunAsync(
        _ =>
        {
            // Only plain numbers leave the device thread; the tensors are disposed when this function ends.
            using torch.Tensor pixels = torch.tensor(frame.Pixels.ToArray(), device: device.Device); // [H * W * 3] bytes
            return pixels.to(torch.float32).mean().item<float>() / 255.0;
        },
        ServicePriority.Interactive,
        cancellationToken);
}
