namespace MedGen.Classifiers.Training;

/// <summary>Half a cosine from 1 down to a fiftieth.</summary>
internal static class CosineDecay
{
    private const double Final = 0.02;

    /// <summary>The share of the peak learning rate.</summary>
    /// <param name="done">Steps or epochs done.</param>
    /// <param name="total">Steps or epochs in all.</param>
    public static double Share(int done, int total) => Final + ((1 - Final) * 0.5 * (1 + Math.Cos(Math.PI * done / total)));
}
