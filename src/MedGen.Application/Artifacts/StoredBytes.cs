namespace MedGen.Application.Artifacts;

/// <summary>How much is stored; equal contents of two artifacts count twice.</summary>
public sealed record StoredBytes
{
    /// <summary>Bytes of one caller's artifacts.</summary>
    public required long OfOwner { get; init; }

    /// <summary>Bytes of all artifacts of that caller's tenant.</summary>
    public required long OfTenant { get; init; }
}
