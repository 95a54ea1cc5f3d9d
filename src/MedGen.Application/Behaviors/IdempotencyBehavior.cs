using System.Security.Cryptography;
using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>
/// Fourth: a message whose key was used before gets the answer of then, as it stands now, and no work is done. The handler stores the key in one
/// transaction with its work, so of two calls at the same time one finds the key taken and reads the other's answer.
/// </summary>
internal sealed class IdempotencyBehavior<TRequest, TResponse>(
    CallerContext context, IdempotencyContext idempotency, IIdempotencyStore keys, IJobStore jobs, IArtifactStore artifacts)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (request is not IIdempotentMessage { IdempotencyKey: { } key } message)
        {
            return await next(cancellationToken).ConfigureAwait(false);
        }

        string text = $"{typeof(TRequest).Name}\n{message.Fingerprint()}";
        IdempotencyClaim claim = new()
        {
            Owner = context.Require().Name,
            Key = key,
            RequestHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
        if (await keys.FindAsync(claim.Owner, key, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return await ReplayAsync(claim, known, cancellationToken).ConfigureAwait(false);
        }

        idempotency.Claim = claim;
        try
        {
            return await next(cancellationToken).ConfigureAwait(false);
        }
        catch (IdempotencyKeyTakenException)
        {
            IdempotencyRecord first = await keys.FindAsync(claim.Owner, key, cancellationToken).ConfigureAwait(false)
                ?? throw new UnavailableException("IDEMPOTENCY_RACE", "What the key stood for was deleted meanwhile; send the request again.");
            return await ReplayAsync(claim, first, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            idempotency.Claim = null;
        }
    }

    private async Task<TResponse> ReplayAsync(IdempotencyClaim claim, IdempotencyRecord known, CancellationToken cancellationToken)
    {
        if (!string.Equals(known.RequestHash, claim.RequestHash, StringComparison.Ordinal))
        {
            throw new FailedPreconditionException(
                "IDEMPOTENCY_KEY_REUSED", "This idempotency key was used before with another request; use a new key for a new request.");
        }

        object? answer = known.JobId is { } jobId
            ? await jobs.FindAsync(jobId, cancellationToken).ConfigureAwait(false)
            : await artifacts.FindAsync(known.ArtifactId!, cancellationToken).ConfigureAwait(false);
        return answer is TResponse response
            ? response
            : throw new UnavailableException("IDEMPOTENCY_RACE", "What the key stood for was deleted meanwhile; send the request again.");
    }
}
