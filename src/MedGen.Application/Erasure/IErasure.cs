namespace MedGen.Application.Erasure;

/// <summary>Erases for good: records, contents, and what was derived of them.</summary>
public interface IErasure
{
    /// <summary>Erases what a target means. Things on hold, open jobs and what these need are kept, and named.</summary>
    /// <param name="target">What is meant.</param>
    /// <param name="by">Name of the caller who asks.</param>
    /// <param name="dryRun">Whether to say only what would be erased.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ResourceNotFoundException">There is no such artifact.</exception>
    Task<ErasureReceipt> EraseAsync(ErasureTarget target, string by, bool dryRun, CancellationToken cancellationToken);
}
