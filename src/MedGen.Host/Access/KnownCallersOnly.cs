namespace MedGen.Host.Access;

/// <summary>Marks an endpoint at which nobody but a known caller is heard.</summary>
internal sealed class KnownCallersOnly
{
    public static KnownCallersOnly Marker { get; } = new();
}
