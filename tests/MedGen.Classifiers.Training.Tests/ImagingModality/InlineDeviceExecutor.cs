using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using TorchSharp;

namespace MedGen.Classifiers.Training.Tests.ImagingModality;

/// <summary>Runs device work at once on the caller's thread, as the contract asks: in inference mode and a dispose scope of its own.</summary>
internal sealed class InlineDeviceExecutor : IDeviceExecutor
{
    public torch.Device Device => torch.CPU;

    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        return Task.FromResult(work(cancellationToken));
    }
}
