namespace MedGen.Application.Access;

/// <summary>A thing with an owner.</summary>
public interface IOwned
{
    /// <summary>Kind and id, for instance <c>job:…</c> or <c>artifact:…</c>.</summary>
    string Item { get; }

    /// <summary>Name of the caller whose it is.</summary>
    string Owner { get; }

    /// <summary>The owner's tenant.</summary>
    string Tenant { get; }
}
