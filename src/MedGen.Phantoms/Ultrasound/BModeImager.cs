using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Ultrasound;

/// <summary>
/// B-mode: coherent sum of scatterers on the lines of the probe, point-spread function, envelope, log compression, scan conversion.
/// </summary>
internal sealed class BModeImager
{
    public const int Lines = 112;
    public const int Samples = 224;

    private readonly UltrasoundProbe _probe;
    private readonly Plane _real = new(Lines, Samples);
    private readonly Plane _imaginary = new(Lines, Samples);
    private readonly float[] _lateral;
    private readonly float[] _axial;
    private readonly float[] _noise = new float[8192];

    /// <summary>Prepares the maps from pixels to lines.</summary>
    /// <param name="probe">Geometry.</param>
    /// <param name="width">Width of the picture in px.</param>
    /// <param name="height">Height of the picture in px.</param>
    /// <param name="seed">Seed of the electronic noise.</param>
    public BModeImager(UltrasoundProbe probe, int width, int height, int seed)
    {
        _probe = probe;
        (_lateral, _axial) = (new float[width * height], new float[width * height]);
        double scale = Math.Max(2 * probe.HalfExtent / width, (probe.Depth - probe.Top) / height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (_lateral[(y * width) + x], _axial[(y * width) + x]) =
                    probe.ToLine((float)((x + 0.5 - (width / 2.0)) * scale), (float)(((y + 0.5) * scale) + probe.Top));
            }
        }

        Random random = new(seed);
        for (int i = 0; i < _noise.Length; i++)
        {
            _noise[i] = (float)random.Gaussian();
        }
    }

    /// <summary>Strength of the noise of the receiver; grows with depth as the time gain does.</summary>
    public float Noise { get; init; } = 0.01f;

    /// <summary>Width of the point-spread function along the line, in samples.</summary>
    public double AxialWidth { get; init; } = 1.1;

    /// <summary>Width of the point-spread function across the lines, in lines.</summary>
    public double LateralWidth { get; init; } = 1.0;

    /// <summary>Decibels between black and white.</summary>
    public double DynamicRange { get; init; } = 55;

    /// <summary>Amplitude shown as white is 10^(-gain/20).</summary>
    public double Gain { get; init; }

    /// <summary>Attenuation that the time gain did not make good, over the whole depth, in dB.</summary>
    public double Attenuation { get; init; }

    /// <summary>
    /// Amplitude of what the scatterers send back, before any compression; a plane of <see cref="Lines"/> by <see cref="Samples"/>.
    /// </summary>
    public Plane Envelope(Scatterers scatterers, ReadOnlySpan<float> x, ReadOnlySpan<float> z, int frame)
    {
        AddNoise(frame);
        for (int i = 0; i < scatterers.Count; i++)
        {
            float amplitude = scatterers.Amplitude[i];
            if (amplitude < 0.002f)
            {
                continue;
            }

            (float lateral, float axial) = _probe.ToLine(x[i], z[i]);
            float column = (lateral + 1) * 0.5f * (Lines - 1);
            float row = axial * (Samples - 1);
            if (column < 0 || row < 0 || column >= Lines - 1 || row >= Samples - 1)
            {
                continue;
            }

            (int left, int top) = ((int)column, (int)row);
            (float u, float v) = (column - left, row - top);
            (float re, float im) = (amplitude * scatterers.Real[i], amplitude * scatterers.Imaginary[i]);
            int at = (top * Lines) + left;
            Add(at, re, im, (1 - u) * (1 - v));
            Add(at + 1, re, im, u * (1 - v));
            Add(at + Lines, re, im, (1 - u) * v);
            Add(at + Lines + 1, re, im, u * v);
        }

        Blur.Gaussian(_real, LateralWidth, AxialWidth);
        Blur.Gaussian(_imaginary, LateralWidth, AxialWidth);
        for (int i = 0; i < _real.Values.Length; i++)
        {
            (float re, float im) = (_real.Values[i], _imaginary.Values[i]);
            _real.Values[i] = MathF.Sqrt((re * re) + (im * im));
        }

        return _real;
    }

    /// <summary>Compresses an envelope and brings it into the picture; what no line covers is black.</summary>
    /// <param name="envelope">Lines by samples; is changed.</param>
    /// <param name="shade">Factor on the amplitude, line by line and sample by sample; null: none.</param>
    /// <param name="picture">The picture, 0 to 1.</param>
    public void Show(Plane envelope, Plane? shade, Plane picture)
    {
        float scale = (float)(20 / DynamicRange);
        for (int row = 0; row < Samples; row++)
        {
            float gain = (float)((Gain - (Attenuation * row / Samples)) / 20);
            Span<float> line = envelope.Row(row);
            for (int column = 0; column < Lines; column++)
            {
                float amplitude = line[column] * (shade is null ? 1 : shade[column, row]);
                line[column] = Math.Clamp(1 + (scale * (MathF.Log10(amplitude + 1e-6f) + gain)), 0, 1.2f);
            }
        }

        for (int i = 0; i < picture.Values.Length; i++)
        {
            (float lateral, float axial) = (_lateral[i], _axial[i]);
            picture.Values[i] = MathF.Abs(lateral) > 1 || axial < 0 || axial > 1
                ? 0
                : envelope.Sample((lateral + 1) * 0.5f * (Lines - 1), axial * (Samples - 1));
        }
    }

    private void Add(int at, float re, float im, float weight)
    {
        _real.Values[at] += re * weight;
        _imaginary.Values[at] += im * weight;
    }

    private void AddNoise(int frame)
    {
        uint state = Streams.Mix((uint)frame + 77);
        for (int row = 0; row < Samples; row++)
        {
            float strength = Noise * (0.3f + (2f * row / Samples));
            state = Streams.Mix(state + (uint)row);
            int from = (int)(state % (uint)(_noise.Length - (2 * Lines)));
            for (int column = 0; column < Lines; column++)
            {
                _real[column, row] = strength * _noise[from + column];
                _imaginary[column, row] = strength * _noise[from + Lines + column];
            }
        }
    }
}
