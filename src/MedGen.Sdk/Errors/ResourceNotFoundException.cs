namespace MedGen.Sdk.Errors;

/// <summary>Nothing has the id that was asked for.</summary>
/// <param name="resourceType">What kind of thing, for instance <c>job</c>.</param>
/// <param name="resourceId">The id that was asked for.</param>
public sealed class ResourceNotFoundException(string resourceType, string resourceId)
    : MedGenException(ErrorCode.NotFound, "NOT_FOUND", $"There is no {resourceType} '{resourceId}'.")
{
    /// <summary>What kind of thing, for instance <c>job</c>, <c>artifact</c>, <c>plugin</c>.</summary>
    public string ResourceType { get; } = resourceType;

    /// <summary>The id that was asked for.</summary>
    public string ResourceId { get; } = resourceId;
}
