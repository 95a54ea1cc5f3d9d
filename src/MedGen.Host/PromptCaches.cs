using MedGen.Application.Erasure;
using MedGen.Runtime;

namespace MedGen.Host;

/// <summary>The only prompts that are remembered outside of the store are the resident model's.</summary>
internal sealed class PromptCaches(IPromptMemory memory) : IPromptCaches
{
    public Task<bool> ForgetAsync(CancellationToken cancellationToken) => memory.ForgetAsync(cancellationToken);
}
