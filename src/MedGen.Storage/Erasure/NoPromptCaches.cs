using MedGen.Application.Erasure;

namespace MedGen.Storage.Erasure;

/// <summary>A store without a model beside it.</summary>
internal sealed class NoPromptCaches : IPromptCaches
{
    public Task<bool> ForgetAsync(CancellationToken cancellationToken) => Task.FromResult(true);
}
