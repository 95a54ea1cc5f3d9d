using MedGen.Sdk.Generation;

namespace MedGen.Application.Cluster;

/// <summary>What this host can generate.</summary>
public interface IHostAbility
{
    /// <summary>What it can, at this moment.</summary>
    HostAbility Read();

    /// <summary>Bytes that a clip takes beside the weights of this host's model, by formula.</summary>
    /// <param name="request">The clip.</param>
    /// <param name="room">Bytes that there are beside the weights.</param>
    /// <returns>The bytes; null: that is not known here.</returns>
    long? BytesFor(VideoGenerationRequest request, long room);
}
