namespace MedGen.Classifiers.Temporal;

/// <summary>
/// A temporal network that reads a video frame by frame. Each layer keeps its last 2 · dilation inputs in a ring, so a step costs the same time and
/// memory however long the video is, and gives what <see cref="TemporalNetwork.Forward"/> gives for that frame of the whole video. Not thread-safe.
/// </summary>
public sealed class TemporalSession
{
    private readonly TemporalFilter _filter;
    private readonly float[][][] _rings; // by stage and layer: 2 · dilation slots of Maps values; zeros stand for the time before the video
    private readonly float[] _input;
    private readonly float[] _x;
    private readonly float[] _taps;
    private readonly float[] _branch;
    private readonly float[] _residual;
    private long _time;

    internal TemporalSession(TemporalFilter filter)
    {
        _filter = filter;
        TemporalNetworkConfig config = filter.Config;
        _rings = [.. filter.Stages.Select(s => s.Layers.Select(l => new float[2 * l.Dilation * config.Maps]).ToArray())];
        _input = new float[config.FeatureLength];
        _x = new float[config.Maps];
        _taps = new float[TemporalNetwork.Taps * config.Maps];
        _branch = new float[config.Maps];
        _residual = new float[config.Maps];
    }

    /// <summary>Takes the next frame.</summary>
    /// <param name="features">Its features, FeatureLength values.</param>
    /// <returns>Logits of the last stage, one per class.</returns>
    /// <exception cref="ArgumentException">The number of features is another.</exception>
    public float[] Step(ReadOnlySpan<float> features)
    {
        TemporalNetworkConfig config = _filter.Config;
        if (features.Length != config.FeatureLength)
        {
            throw new ArgumentException($"A frame has {config.FeatureLength} features, got {features.Length}.", nameof(features));
        }

        for (int i = 0; i < _input.Length; i++)
        {
            _input[i] = (features[i] - _filter.Mean[i]) / _filter.Scale[i];
        }

        float[] logits = new float[config.Classes];
        for (int stage = 0; stage < config.Stages; stage++)
        {
            TemporalStage weights = _filter.Stages[stage];
            if (stage > 0)
            {
                Softmax(logits);
            }

            weights.Input.Apply(stage == 0 ? _input : logits, _x);
            for (int layer = 0; layer < weights.Layers.Count; layer++)
            {
                Apply(weights.Layers[layer], _rings[stage][layer]);
            }

            weights.Output.Apply(_x, logits);
        }

        _time++;
        return logits;
    }

    private void Apply(TemporalLayer layer, float[] ring)
    {
        int maps = _x.Length;
        int slots = 2 * layer.Dilation;
        Span<float> oldest = ring.AsSpan((int)(_time % slots) * maps, maps);
        Span<float> middle = ring.AsSpan((int)((_time + layer.Dilation) % slots) * maps, maps);
        oldest.CopyTo(_taps);
        middle.CopyTo(_taps.AsSpan(maps));
        _x.CopyTo(_taps.AsSpan(2 * maps));
        _x.CopyTo(oldest);
        layer.Dilated.Apply(_taps, _branch);
        for (int i = 0; i < maps; i++)
        {
            _branch[i] = MathF.Max(0, _branch[i]);
        }

        layer.Point.Apply(_branch, _residual);
        for (int i = 0; i < maps; i++)
        {
            _x[i] += _residual[i];
        }
    }

    private static void Softmax(Span<float> values)
    {
        float max = float.NegativeInfinity;
        foreach (float value in values)
        {
            max = MathF.Max(max, value);
        }

        float sum = 0;
        foreach (ref float value in values)
        {
            value = MathF.Exp(value - max);
            sum += value;
        }

        foreach (ref float value in values)
        {
            value /= sum;
        }
    }
}
