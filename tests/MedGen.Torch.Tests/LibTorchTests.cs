using TorchSharp;

namespace MedGen.Torch.Tests;

public class LibTorchTests
{
    [Fact]
    public void Matmul_OnCpu_GivesTheProduct()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor product = torch.ones(2, 3).matmul(torch.ones(3, 4));

        product.data<float>().ToArray().ShouldAllBe(x => x == 3f);
    }
}
