using System.Numerics;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Histology;

/// <summary>
/// A stained section: amounts of haematoxylin, eosin and DAB per point, seen in transmitted light by Beer and Lambert's law with the absorption
/// vectors of Ruifrok and Johnston (2001). Lengths are in micrometres.
/// </summary>
internal sealed class Section
{
    private static readonly Vector3 Haematoxylin = new(0.65f, 0.7f, 0.29f);
    private static readonly Vector3 Eosin = new(0.07f, 0.99f, 0.11f);
    private static readonly Vector3 Dab = new(0.27f, 0.57f, 0.78f);

    private readonly int _frameWidth;
    private readonly int _frameHeight;
    private readonly Stains _stains;
    private readonly FibreField _fibres;
    private readonly Plane _red;
    private readonly Plane _green;
    private readonly Plane _blue;
    private readonly Random _random;

    public Section(
        ParameterDraws draws, string tissue, bool isImmuno, float haematoxylin, float eosin, float scale, int width, int height, float panX,
        float panY)
    {
        (_frameWidth, _frameHeight) = (width, height);
        (int fullWidth, int fullHeight) = (width + (int)MathF.Ceiling(panX * width), height + (int)MathF.Ceiling(panY * width));
        ValueNoise noise = new(draws.Seed("section"));
        _stains = new Stains(fullWidth, fullHeight, scale, isImmuno, noise);
        (_red, _green, _blue) = (new(fullWidth, fullHeight), new(fullWidth, fullHeight), new(fullWidth, fullHeight));
        _random = draws.Stream("section");
        _fibres = new FibreField(noise, (float)_random.Range(0, Math.PI));
        GlandPainter glands = new(_stains, _random);
        PaintStroma(tissue);
        switch (tissue)
        {
            case "glandular":
                PaintNuclei(0.0022f, 5.5f, 1.7f, 0.9f);
                glands.Paint((float)_random.Range(26, 44), 0.1f, 0.95f, 3.2f, 1);
                break;
            case "carcinoma":
                PaintNuclei(0.0026f, 5, 1.6f, 1);
                glands.Paint((float)_random.Range(24, 46), 0.34f, 0.8f, 4.6f, 2);
                break;
            case "lymphoid":
                PaintNuclei(0.018f, 3.4f, 1.05f, 1.2f);
                break;
            default:
                PaintNuclei(0.0014f, 6.5f, 3.2f, 0.9f);
                break;
        }

        Develop(haematoxylin, eosin);
    }

    /// <summary>Cuts a frame out.</summary>
    /// <param name="acrossShare">Position of the stage across, 0 to 1.</param>
    /// <param name="downShare">Position of the stage down, 0 to 1.</param>
    /// <param name="vignette">Loss of light at the corners.</param>
    /// <param name="noise">Standard deviation of the sensor's noise.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="red">Takes red.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void Cut(float acrossShare, float downShare, float vignette, float noise, int seed, Plane red, Plane green, Plane blue)
    {
        float left = acrossShare * (_stains.Width - _frameWidth);
        float top = downShare * (_stains.Height - _frameHeight);
        uint state = Streams.Mix((uint)seed);
        for (int y = 0, at = 0; y < _frameHeight; y++)
        {
            for (int x = 0; x < _frameWidth; x++, at++)
            {
                state = (state * 1664525) + 1013904223;
                float grain = noise * ((int)(state >> 16) - (int)((state * 2654435761) >> 16)) / 26000f;
                float px = (2f * x / _frameWidth) - 1;
                float py = (2f * y / _frameHeight) - 1;
                float lamp = 1 - (vignette * 0.5f * ((px * px) + (py * py)));
                red.Values[at] = (lamp * _red.Sample(x + left, y + top)) + grain;
                green.Values[at] = (lamp * _green.Sample(x + left, y + top)) + grain;
                blue.Values[at] = (lamp * _blue.Sample(x + left, y + top)) + grain;
            }
        }
    }

    private void PaintStroma(string tissue)
    {
        bool dense = tissue == "fibrous-stroma";
        float loose = dense ? 0.15f : tissue == "lymphoid" ? 0.25f : 0.4f;
        for (int y = 0; y < _stains.Height; y++)
        {
            for (int x = 0; x < _stains.Width; x++)
            {
                float px = x * _stains.Scale;
                float py = y * _stains.Scale;
                Vector2 bent = _fibres.At(px, py);
                (float along, float across) = (bent.X, bent.Y);
                float fibre = _stains.Noise.Fractal(along / 34, across / 3.6f, 2);
                float cloud = _stains.Noise.Fractal((px / 70) + 90, py / 70, 2);
                float gap = Math.Clamp((_stains.Noise.Fractal((along / 45) + 300, (across / 8) + 11, 2) - 0.42f + loose) * 4, 0, 1) * Math.Clamp(
                    (fibre + 0.3f) * -3, 0, 1);
                float amount = Math.Clamp(0.36f + (0.3f * fibre) + (0.14f * cloud), 0.02f, 1) * (1 - gap);
                _stains.Eosin[x, y] = amount * (_stains.IsImmuno ? 0.1f : 1);
                _stains.Haematoxylin[x, y] = 0.05f + (0.04f * cloud) + (_stains.IsImmuno ? 0.12f * amount : 0.02f);
                if (!_stains.IsImmuno && gap > 0.4f)
                {
                    _stains.Haematoxylin[x, y] *= 0.3f;
                }
            }
        }
    }

    // density: nuclei per µm²; radius in µm.
    private void PaintNuclei(float density, float radius, float elongation, float strength)
    {
        int count = (int)(density * _stains.Width * _stains.Height * _stains.Scale * _stains.Scale);
        for (int i = 0; i < count; i++)
        {
            float x = (float)_random.NextDouble() * _stains.Width * _stains.Scale;
            float y = (float)_random.NextDouble() * _stains.Height * _stains.Scale;
            bool lymphocyte = _random.Chance(elongation < 1.2 ? 0.9 : 0.15);
            float size = lymphocyte ? 3.3f : radius * (float)_random.Range(0.7, 1.2);
            float stretch = lymphocyte ? 1.05f : elongation * (float)_random.Range(0.8, 1.3);
            float angle = _fibres.Angle(x, y) + (0.3f * (float)_random.Gaussian());
            _stains.Nucleus(
                x, y, size * MathF.Sqrt(stretch) * 0.8f, size / MathF.Sqrt(stretch) * 0.8f, angle, strength * (float)_random.Range(0.75, 1.2));
        }

        for (int i = count / 12; i > 0; i--)
        {
            _stains.RedCell(
                (float)_random.NextDouble() * _stains.Width * _stains.Scale, (float)_random.NextDouble() * _stains.Height * _stains.Scale);
        }
    }

    private void Develop(float haematoxylin, float eosin)
    {
        Vector3 tint = new Vector3((float)_random.Range(-0.06, 0.06), (float)_random.Range(-0.05, 0.05), (float)_random.Range(-0.05, 0.05));
        Vector3 h = Haematoxylin + tint;
        Vector3 e = Eosin + new Vector3(Math.Abs(tint.Y), tint.Z, tint.X + (float)_random.Range(0, 0.3));
        Vector3 white = new(0.96f, 0.955f, 0.965f);
        for (int i = 0; i < _red.Values.Length; i++)
        {
            Vector3 density = (_stains.Haematoxylin.Values[i] * haematoxylin * 1.55f * h) + (_stains.Eosin.Values[i] * eosin * 0.95f * e)
                + (_stains.Dab.Values[i] * 1.35f * Dab);
            _red.Values[i] = white.X * MathF.Exp(-density.X);
            _green.Values[i] = white.Y * MathF.Exp(-density.Y);
            _blue.Values[i] = white.Z * MathF.Exp(-density.Z);
        }

        foreach (Plane plane in new[] { _red, _green, _blue })
        {
            Blur.Gaussian(plane, Math.Clamp(0.45f / _stains.Scale, 0.3f, 1.2f));
        }
    }
}
