namespace MedGen.Classifiers.Frames;

/// <summary>Which source positions make one target position of a scaled axis, and with what weights (their sum is 1).</summary>
internal readonly record struct FilterTap(int Start, float[] Weights)
{
    public static FilterTap[] ForAxis(int first, int length, int target)
    {
        double scale = length / (double)target;
        double radius = Math.Max(1, scale);
        var taps = new FilterTap[target];
        for (int i = 0; i < target; i++)
        {
            double center = ((i + 0.5) * scale) - 0.5;
            int start = Math.Max(0, (int)Math.Ceiling(center - radius));
            int end = Math.Min(length - 1, (int)Math.Floor(center + radius));
            float[] weights = new float[end - start + 1];
            double sum = 0;
            for (int k = 0; k < weights.Length; k++)
            {
                double weight = Math.Max(1e-6, 1 - (Math.Abs(start + k - center) / radius));
                weights[k] = (float)weight;
                sum += weight;
            }

            for (int k = 0; k < weights.Length; k++)
            {
                weights[k] = (float)(weights[k] / sum);
            }

            taps[i] = new FilterTap(first + start, weights);
        }

        return taps;
    }
}
