using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Curation.Networks;

/// <summary>The imaging-modality network with the medical head over its features. One frame at a time runs in it.</summary>
internal sealed class ModalityFrameNetwork : IFrameNetwork, IDisposable
{
    private readonly ModalityNetwork _network;
    private readonly MedicalHead _head;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private ModalityFrameNetwork(ModalityNetwork network, MedicalHead head) => (_network, _head) = (network, head);

    public string Name => "features of the imaging-modality network, cosine";

    public bool Answers => true;

    /// <summary>Loads the network.</summary>
    /// <param name="weights">The classifier's weights file.</param>
    /// <param name="head">The head; null: the shipped one.</param>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken, or the head belongs to other features.</exception>
    public static ModalityFrameNetwork Load(string weights, MedicalHead? head = null)
    {
        MedicalHead used = head ?? MedicalHead.Shipped();
        (_, string hash) = ModalityNetwork.ReadMetadata(weights);
        return hash == used.FeaturesSha256
            ? new ModalityFrameNetwork(ModalityNetwork.Load(weights, CPU), used)
            : throw new Sdk.Errors.ModelFormatException(
                Path.GetFileName(weights),
                $"The medical head was trained on the features of {used.FeaturesSha256[..12]}…, and {Path.GetFileName(weights)} is {hash[..12]}…; "
                    + "'medgen train medical' makes another head.");
    }

    public async Task<FrameLook> LookAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        FramePicture picture = FramePicture.FromFrame(frame);
        if (picture.IsFlat)
        {
            return new FrameLook([], Answer: null);
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            (float[] features, ModalityScore score) = _network.Look(picture);
            return new FrameLook(features, new FrameAnswer(_head.Probability(features), score.LogProbabilities, score.Distance));
        }
        finally
        {
            _gate.Release();
        }
    }

    // Each of the two stages' parts has length 1, so the whole has length √2. Of two flat frames one is as good as the other.
    public double Similarity(FrameLook a, FrameLook b)
    {
        if (a.Features.Length == 0 || b.Features.Length == 0)
        {
            return a.Features.Length == b.Features.Length ? 1 : 0;
        }

        double sum = 0;
        for (int i = 0; i < a.Features.Length; i++)
        {
            sum += (double)a.Features[i] * b.Features[i];
        }

        return sum / 2;
    }

    public string? Modality(IReadOnlyList<FrameAnswer> answers)
    {
        if (answers.Count == 0)
        {
            return null;
        }

        ModalityScore? mean = ModalityScore.Mean(answers.Select(answer => new ModalityScore(answer.LogProbabilities, answer.Distance)));
        FrameVerdict verdict = _network.Metadata.Calibration.Decide(mean, _network.Metadata.Labels.Count);
        return verdict.Abstained ? IFrameNetwork.Unknown : _network.Metadata.Labels[verdict.Best];
    }

    public void Dispose()
    {
        _network.Dispose();
        _gate.Dispose();
    }
}
