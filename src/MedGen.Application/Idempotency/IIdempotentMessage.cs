namespace MedGen.Application.Idempotency;

/// <summary>A message that may be sent again without doing its work twice.</summary>
public interface IIdempotentMessage
{
    /// <summary>Chosen by the caller, 1 to 128 characters; null: each call does its work. Keys of different callers never meet.</summary>
    string? IdempotencyKey { get; }

    /// <summary>Everything that must be equal for two messages to be the same request, without the key itself.</summary>
    /// <returns>A text; only its hash is kept.</returns>
    string Fingerprint();
}
