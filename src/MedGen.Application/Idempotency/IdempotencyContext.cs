namespace MedGen.Application.Idempotency;

/// <summary>Carries the claim from the behavior, which makes it, to the handler, which stores it. One per dependency-injection scope.</summary>
internal sealed class IdempotencyContext
{
    /// <summary>The claim of the message that is being handled; null: it has none.</summary>
    public IdempotencyClaim? Claim { get; set; }
}
