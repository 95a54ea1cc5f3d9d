namespace MedGen.Application.Access;

/// <summary>The part of all jobs and artifacts that a caller may see; what is shared with the caller comes on top.</summary>
public sealed record ItemView
{
    /// <summary>Only those of this tenant; null: of any.</summary>
    public required string? Tenant { get; init; }

    /// <summary>Only those of this owner; null: of anybody.</summary>
    public required string? Owner { get; init; }

    /// <summary>Whose view it is.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Whether it includes a thing.</summary>
    /// <param name="thing">The thing.</param>
    /// <returns>False: the caller may see it only if it was shared.</returns>
    public bool Includes(IOwned thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return (Tenant is null || Tenant == thing.Tenant) && (Owner is null || Owner == thing.Owner);
    }
}
