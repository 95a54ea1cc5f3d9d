namespace MedGen.Application.Idempotency;

/// <summary>Two calls with one key ran at the same time and the other one came first. Nothing was written; its answer can be read now.</summary>
public sealed class IdempotencyKeyTakenException()
    : Exception("The idempotency key was taken by a call that ran at the same time.");
