using Shouldly;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests;

/// <summary>
/// TorchSharp passes the handle of a scalar to libtorch and forgets the scalar: its finaliser must not run before libtorch has read it (docs/adr/0008-torch-handles.md).
/// </summary>
public class ScalarLifetimeTests
{
    private const int Products = 200_000;

    [Fact]
    public void ScalarOfAProduct_WhileGarbageIsCollected_LivesUntilItIsRead()
    {
        using CancellationTokenSource done = new();
        Thread collector = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using Tensor one = ones(1);
            for (int i = 0; i < Products; i++)
            {
                using Tensor product = one * 0.5;
                if (product.item<float>() != 0.5f)
                {
                    throw new ShouldAssertException($"product {i} is {product.item<float>()}");
                }
            }
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }
    }
}
