using MedGen.Sdk.Frames;

namespace MedGen.Curation.Networks;

/// <summary>What looks at single frames, as often as it is asked. Safe for calls from several threads.</summary>
internal interface IFrameNetwork
{
    /// <summary>What stands for a modality when the network does not know it.</summary>
    const string Unknown = "unknown";

    /// <summary>How reports name its features.</summary>
    string Name { get; }

    /// <summary>Whether it says what is medical, and the modality.</summary>
    bool Answers { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame; not changed.</param>
    /// <param name="cancellationToken">Gives up waiting for other frames.</param>
    Task<FrameLook> LookAsync(VideoFrame frame, CancellationToken cancellationToken);

    /// <summary>How like each other two frames are.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <returns>-1 to 1.</returns>
    double Similarity(FrameLook a, FrameLook b);

    /// <summary>The modality of a clip.</summary>
    /// <param name="answers">The answers of its frames.</param>
    /// <returns>DICOM code, or <c>unknown</c>; null: there is no answer.</returns>
    string? Modality(IReadOnlyList<FrameAnswer> answers);
}
