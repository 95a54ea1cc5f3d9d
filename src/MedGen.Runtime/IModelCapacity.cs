using MedGen.Sdk.Generation;

namespace MedGen.Runtime;

/// <summary>What the resident model has room for.</summary>
public interface IModelCapacity
{
    /// <summary>Whether a model is on its way.</summary>
    bool IsLoading { get; }

    /// <summary>The model as it stands.</summary>
    /// <returns>Its capacity; null: none is loaded, or it is still loading.</returns>
    ModelCapacity? Read();

    /// <summary>Bytes that a clip takes beside the weights, by formula: intermediate results and what its session keeps.</summary>
    /// <param name="request">A clip that the model can make.</param>
    /// <param name="room">Bytes that there are beside the weights, on which it depends whether it is decoded in tiles.</param>
    /// <returns>The bytes; null: no model is loaded, or it can make no clip of that size.</returns>
    long? BytesFor(VideoGenerationRequest request, long room);
}
