using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Modality;

/// <summary>What the backbone sees of a picture: the whole. A second view, of the middle, was worse on sources never seen.</summary>
internal static class ModalityViews
{
    /// <summary>Makes the views of pictures.</summary>
    /// <param name="pictures">At least one.</param>
    /// <returns>[pictures, 3, side, side], float32, 0 … 1, RGB, on the CPU.</returns>
    public static Tensor Of(IReadOnlyList<FramePicture> pictures)
    {
        const int Side = ResidualBackbone.ViewSide;
        const int Length = 3 * Side * Side;
        float[] values = new float[pictures.Count * Length];
        for (int i = 0; i < pictures.Count; i++)
        {
            PictureWindow.Upright(0, 0, 1, 1).Sample(pictures[i], Side, values.AsSpan(i * Length, Length));
        }

        return tensor(values, [pictures.Count, 3, Side, Side]);
    }
}
