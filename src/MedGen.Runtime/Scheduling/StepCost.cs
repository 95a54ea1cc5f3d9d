using MedGen.Model.Sizing;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// Predicts how long a step takes: a · S + b · S² for S tokens, where a and b are the operations by formula, each over a rate that is learnt from the
/// steps that have run (least squares, older ones fading, drawn towards one common rate while all have had the same S). Decoding has a rate of its
/// own.
/// </summary>
internal sealed class StepCost
{
    private const double Fading = 0.95;
    private const double Ridge = 1e-4;

    // Before the first step: about a CPU core.
    private const double FirstGuess = 1 / 50.0;
    private const double FirstDecodeGuess = 1e-5;

    private double _uu;
    private double _uv;
    private double _vv;
    private double _uy;
    private double _vy;
    private double? _decode;
    private double? _switch;

    /// <summary>Whether any step has been measured.</summary>
    public bool IsCalibrated => _uu > 0;

    /// <summary>Takes a measurement in.</summary>
    /// <param name="cost">The clip.</param>
    /// <param name="forwards">Forwards of the transformer in the step.</param>
    /// <param name="seconds">What it took.</param>
    public void Observe(GenerationCost cost, int forwards, double seconds)
    {
        (double u, double v) = Parts(cost, forwards);
        _uu = (Fading * _uu) + (u * u);
        _uv = (Fading * _uv) + (u * v);
        _vv = (Fading * _vv) + (v * v);
        _uy = (Fading * _uy) + (u * seconds);
        _vy = (Fading * _vy) + (v * seconds);
    }

    /// <summary>Takes a measurement of decoding in.</summary>
    /// <param name="cost">The clip.</param>
    /// <param name="latentFrames">How many latent frames, or what part of one, were decoded.</param>
    /// <param name="seconds">What it took.</param>
    public void ObserveDecoding(GenerationCost cost, double latentFrames, double seconds)
    {
        double measured = seconds / (latentFrames * cost.Width * cost.Height);
        _decode = _decode is { } mean ? mean + ((1 - Fading) * 4 * (measured - mean)) : measured;
    }

    /// <summary>
    /// Seconds that a change from one of two experts to the other takes beside the step: its texts, and its weights' way into memory.
    /// </summary>
    public double SwitchSeconds => _switch ?? 0;

    /// <summary>Takes the measurement of a step behind such a change in.</summary>
    /// <param name="cost">The clip.</param>
    /// <param name="forwards">Forwards of the transformer in the step.</param>
    /// <param name="seconds">What it took.</param>
    public void ObserveSwitch(GenerationCost cost, int forwards, double seconds)
    {
        if (!IsCalibrated)
        {
            return;
        }

        double measured = Math.Max(0, seconds - StepSeconds(cost, forwards));
        _switch = _switch is { } mean ? mean + ((1 - Fading) * 4 * (measured - mean)) : measured;
    }

    /// <summary>Predicted seconds of one step.</summary>
    public double StepSeconds(GenerationCost cost, int forwards)
    {
        (double u, double v) = Parts(cost, forwards);
        if (!IsCalibrated)
        {
            return FirstGuess * (u + v);
        }

        double common = (_uy + _vy) / (_uu + (2 * _uv) + _vv);
        double pull = Ridge * (_uu + _vv);
        double determinant = ((_uu + pull) * (_vv + pull)) - (_uv * _uv);
        double a = (((_uy + (pull * common)) * (_vv + pull)) - (_uv * (_vy + (pull * common)))) / determinant;
        double b = (((_vy + (pull * common)) * (_uu + pull)) - (_uv * (_uy + (pull * common)))) / determinant;
        return a < 0 || b < 0 ? common * (u + v) : (a * u) + (b * v);
    }

    /// <summary>Predicted seconds of decoding some latent frames.</summary>
    public double DecodeSeconds(GenerationCost cost, double latentFrames) => (_decode ?? FirstDecodeGuess) * cost.Width * cost.Height * latentFrames;

    // In 10⁹ operations: those that grow with S, and those that grow with S².
    private static (double Linear, double Square) Parts(GenerationCost cost, int forwards) =>
        (forwards * (cost.FlopsPerForward - cost.AttentionFlops) / 1e9, forwards * cost.AttentionFlops / 1e9);
}
