namespace MedGen.Evaluation.Studies;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>
    /// The value below which a share of it lies, by Wichura's algorithm AS 241 (PPND7, 1988): about seven digits.
    /// </summary>
    /// <param name="share">Between 0 and 1, both excluded.</param>
    public static double Quantile(double share)
    {
        double q = share - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double x = 0.180625 - (q * q);
            return q * Polynomial(x, 59.109374720, 159.29113202, 50.434271938, 3.3871327179)
                / Polynomial(x, 67.187563600, 78.757757664, 17.895169469, 1);
        }

        double tail = Math.Sqrt(-Math.Log(Math.Min(share, 1 - share)));
        double r = tail <= 5 ? tail - 1.6 : tail - 5;
        double value = tail <= 5
            ? Polynomial(r, 0.17023821103, 1.3067284816, 2.7568153900, 1.4234372777) / Polynomial(r, 0.12021132975, 0.73700164250, 1)
            : Polynomial(r, 0.017337203997, 0.42868294337, 3.0812263860, 6.6579051150) / Polynomial(r, 0.012258202635, 0.24197894225, 1);
        return q < 0 ? -value : value;
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        double value = 0;
        foreach (double coefficient in coefficients)
        {
            value = (value * x) + coefficient;
        }

        return value;
    }
}
