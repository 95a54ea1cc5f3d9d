using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using MedGen.Datasets.Reading;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Computes features of clips and keeps them in a folder, so that an interrupted training goes on where it stopped: this is all its time.
/// </summary>
/// <param name="backbone">The backbone.</param>
/// <param name="folder">Where features are kept, a file a clip.</param>
/// <param name="origin">What the features depend on beside the clip: data, backbone, options. Kept ones of another origin are computed anew.</param>
/// <param name="seed">Seed of the random views.</param>
/// <param name="drawnViews">Random views of each picture.</param>
internal sealed class FeatureExtraction(ResidualBackbone backbone, string folder, string origin, int seed, int drawnViews)
{
    private const string OriginKey = "origin";

    /// <summary>The features of a clip.</summary>
    /// <param name="index">Number of the clip, which names its file and seeds its views.</param>
    /// <param name="item">Its line in the manifest.</param>
    /// <param name="read">Decodes its pictures; asked only when no features are kept. No picture: nothing is to be seen.</param>
    /// <returns>The features; null when nothing is to be seen.</returns>
    public async Task<ModalityFeatures?> OfAsync(int index, ModalityItem item, Func<Task<IReadOnlyList<FramePicture>>> read)
    {
        string path = Path.Combine(folder, $"{index:D5}.safetensors");
        string key = $"{origin} {item.Path}";
        if (Kept(path, key, item) is { } kept)
        {
            return kept;
        }

        IReadOnlyList<FramePicture> pictures = await read().ConfigureAwait(false);
        if (pictures.Count == 0)
        {
            return null;
        }

        ModalityFeatures features = Compute(index, item, pictures);
        Keep(path, key, features);
        return features;
    }

    private static ModalityFeatures? Kept(string path, string key, ModalityItem item)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault(OriginKey) != key)
        {
            return null;
        }

        using Tensor plain = file.Read("plain");
        using Tensor drawn = file.Read("drawn");
        return new ModalityFeatures(item, plain.data<float>().ToArray(), drawn.data<float>().ToArray());
    }

    private static void Keep(string path, string key, ModalityFeatures features)
    {
        using Tensor plain = tensor(features.Plain);
        using Tensor drawn = tensor(features.Drawn);
        Dictionary<string, Tensor> tensors = new() { ["plain"] = plain, ["drawn"] = drawn };
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { [OriginKey] = key });
    }

    private ModalityFeatures Compute(int index, ModalityItem item, IReadOnlyList<FramePicture> pictures)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        const int Side = ResidualBackbone.ViewSide;
        List<float> plain = [];
        List<float> drawn = [];
        foreach ((int number, FramePicture picture) in pictures.Index())
        {
            using var pictureScope = NewDisposeScope();
            plain.AddRange(backbone.Embed(ModalityViews.Of([picture])).data<float>().ToArray());
            float[] views = new float[drawnViews * 3 * Side * Side];
            for (int view = 0; view < drawnViews; view++)
            {
                // One generator a view: the same views whatever was kept from an earlier run.
                Random random = new(unchecked((seed * 7919) + (index * 104729) + (number * 1299709) + view));
                Span<float> target = views.AsSpan(view * 3 * Side * Side, 3 * Side * Side);
                PictureAugmentation.Sample(picture, ModalityLabels.Of(item.ModalityCode), random, target);
            }

            drawn.AddRange(backbone.Embed(tensor(views, [drawnViews, 3, Side, Side])).data<float>().ToArray());
        }

        return new ModalityFeatures(item, [.. plain], [.. drawn]);
    }
}
