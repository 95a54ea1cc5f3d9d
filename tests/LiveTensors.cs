using TorchSharp;

/// <summary>How many tensors there are in this process. Each test that counts them must be alone in using torch.</summary>
internal static class LiveTensors
{
    /// <summary>The number now. What earlier tests left to the collector is collected first, so that it is not counted as given back by this one.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
