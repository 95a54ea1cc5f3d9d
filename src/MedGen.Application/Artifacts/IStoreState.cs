namespace MedGen.Application.Artifacts;

/// <summary>How the storage is, for readiness and for whoever runs the host.</summary>
public interface IStoreState
{
    /// <summary>Looks at the disk and at what the last scrub has found; takes no longer than asking the file system.</summary>
    /// <returns>The state now.</returns>
    StoreState Read();
}
