using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ultrasound;

/// <summary>Chest wall and lung in the plane of the picture.</summary>
internal sealed class LungScene
{
    private readonly UltrasoundProbe _probe;
    private readonly float _pleura;
    private readonly string _finding;
    private readonly ValueNoise _noise;
    private readonly (float Lateral, float Width, float Strength)[] _bLines;
    private readonly (float X, float HalfWidth)[] _ribs;
    private readonly float _slope;
    private readonly float _bow;
    private readonly float _aLine;
    private readonly float _haze;
    private readonly float _lesionX;
    private readonly float _lesionWidth;
    private readonly float _lesionDepth;

    public LungScene(UltrasoundProbe probe, double pleura, string finding, int lines, int ribs, int seed, Random random)
    {
        (_probe, _pleura, _finding, _noise) = (probe, (float)pleura, finding, new ValueNoise(seed));
        (_slope, _bow) = ((float)random.Range(-0.12, 0.12), (float)random.Range(-0.001, 0.002));
        (_aLine, _haze) = ((float)random.Range(0.25, 0.6), (float)random.Range(0.03, 0.09));
        // Evenly spread with some play, so that B-lines can be counted.
        _bLines = [.. Enumerable.Range(0, lines).Select(i => (
            (float)((((i + 0.5 + random.Range(-0.18, 0.18)) / lines * 1.5) - 0.75) * (lines == 1 ? 0.5 : 1)), (float)random.Range(0.035, 0.07),
            (float)random.Range(0.35, 0.6)))];
        float extent = (float)(probe.IsLinear ? probe.HalfWidth : (probe.Radius + pleura) * Math.Sin(probe.HalfAngle));
        _ribs = ribs switch
        {
            0 => [],
            1 => [((random.Chance(0.5) ? 1 : -1) * extent * (float)random.Range(0.75, 0.95), extent * 0.28f)],
            _ => [(-extent * (float)random.Range(0.8, 1), extent * 0.25f), (extent * (float)random.Range(0.8, 1), extent * 0.25f)],
        };
        (_lesionX, _lesionWidth, _lesionDepth) =
            ((float)random.Range(-0.4, 0.4) * extent, extent * (float)random.Range(0.4, 0.75), (float)random.Range(12, 28));
    }

    /// <summary>Sets the amplitude of every scatterer for one moment.</summary>
    /// <param name="scatterers">The scatterers; amplitudes are overwritten.</param>
    /// <param name="slide">How far the lung has slid to the right in mm.</param>
    /// <param name="breath">-1 exhaled to 1 inhaled.</param>
    /// <param name="x">Receives lateral positions.</param>
    /// <param name="z">Receives depths.</param>
    public void Paint(Scatterers scatterers, double slide, double breath, float[] x, float[] z)
    {
        float moved = (float)slide;
        float lateralSlide = (float)(slide / Math.Max(_probe.IsLinear ? _probe.HalfWidth : (_probe.Radius + _pleura) * _probe.HalfAngle, 10));
        float lift = (float)breath * 0.6f;
        for (int i = 0; i < scatterers.Count; i++)
        {
            (float sx, float sz) = (scatterers.X[i], scatterers.Z[i]);
            float line = _pleura + (_slope * sx) + (_bow * sx * sx) + lift;
            (x[i], z[i]) = sz > line + 2 && _finding == "consolidation" ? (sx + moved, sz) : (sx, sz);
            scatterers.Amplitude[i] = Amplitude(sx, sz, line, moved, lateralSlide) * Shadow(x[i], z[i], line);
        }
    }

    private float Amplitude(float x, float z, float line, float moved, float lateralSlide)
    {
        float below = z - line;
        if (below < -1.2f)
        {
            return Wall(x, z, line);
        }

        if (below < 1.2f)
        {
            // The pleura is not even; its unevenness slides with the lung.
            float uneven = 0.7f + (0.6f * _noise.At((x - moved) * 0.22f, 3));
            return _finding == "healthy"
                || MathF.Abs(x - _lesionX) > _lesionWidth ? 2.6f * uneven : _finding == "consolidation" ? 0.5f * uneven : 2.2f * uneven;
        }

        (float lateral, float axial) = _probe.ToLine(x, z);
        float scale = (float)_probe.Depth;
        float haze = _haze * (1 + (0.6f * _noise.Fractal(lateral * 3, axial * 2, 2))) * MathF.Exp(-below / (scale * 0.45f));
        if (_finding == "healthy")
        {
            float order = (z / line) - 1;
            float nearest = MathF.Round(order);
            float fromLine = (order - nearest) * line;
            float middle = MathF.Exp(-lateral * lateral * 1.6f);
            return haze + (nearest >= 1 ? _aLine * middle * MathF.Exp(-fromLine * fromLine / 1.1f) * MathF.Pow(0.6f, nearest - 1) : 0);
        }

        if (_finding == "b-lines")
        {
            float amplitude = haze * 0.6f;
            foreach ((float at, float width, float strength) in _bLines)
            {
                float off = (lateral - at - lateralSlide) / (width * (1 + (0.35f * axial)));
                amplitude += strength * MathF.Exp(-off * off) * (1 - (0.35f * axial)) * (0.85f + (0.25f * MathF.Sin(below * 1.9f)));
            }

            return amplitude;
        }

        float edge = _lesionDepth * (1 - MathF.Pow((x - _lesionX) / _lesionWidth, 2)) * (0.85f + (0.5f * _noise.Fractal(x * 0.12f, 9, 2)));
        if (below < edge)
        {
            bool bronchogram = _noise.Fractal(x * 0.22f, z * 0.3f, 2) > 0.42f;
            return bronchogram ? 0.9f : 0.09f + (0.05f * _noise.At(x * 0.3f, z * 0.3f));
        }

        float shred = below - edge;
        return edge > 0 ? (0.75f * MathF.Exp(-shred * shred / 6)) + (0.22f * MathF.Exp(-shred / 30)) : haze;
    }

    // Skin, fat with streaks, muscle with fibres.
    private float Wall(float x, float z, float line)
    {
        float t = z / line;
        float streak = _noise.Fractal(x * 0.045f, z * 0.75f, 2);
        float skin = 1.1f * MathF.Exp(-z / 2.2f);
        float fascia = MathF.Exp(-MathF.Pow((t - 0.45f - (0.05f * _noise.At(x * 0.05f, 1))) * line, 2) / 0.9f);
        return skin + (t < 0.45f ? 0.05f : 0.08f) + (streak > 0.12f ? streak * 0.7f : 0) + (0.6f * fascia);
    }

    private float Shadow(float x, float z, float line)
    {
        float factor = 1;
        foreach ((float ribX, float half) in _ribs)
        {
            // The shadow runs along the lines of the probe.
            float surface = (line * 0.62f) + (MathF.Pow((x - ribX) / half, 2) * line * 0.2f);
            float shadowX = _probe.IsLinear ? x : x * ((float)_probe.Radius + (line * 0.7f)) / ((float)_probe.Radius + z);
            float off = MathF.Abs(shadowX - ribX) / half;
            if (z > surface && off < 1.15f)
            {
                float dark = Math.Clamp((1.15f - off) / 0.3f, 0, 1);
                bool face = z - surface < 1.6f && off < 0.9f;
                factor *= face ? 2.2f : 1 - (0.95f * dark);
            }
        }

        return factor;
    }
}
