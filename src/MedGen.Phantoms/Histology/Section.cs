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

    private readonly int _width;
    private readonly int _height;
    private readonly int _frameWidth;
    private readonly int _frameHeight;
    private readonly float _scale; // µm per px
    private readonly Plane _haematoxylin;
    private readonly Plane _eosin;
    private readonly Plane _dab;
    private readonly Plane _red;
    private readonly Plane _green;
    private readonly Plane _blue;
    private readonly ValueNoise _noise;
    private readonly Random _random;
    private readonly bool _isImmuno;
    private readonly float _fibreCos;
    private readonly float _fibreSin;

    public Section(
        ParameterDraws draws, string tissue, bool isImmuno, float haematoxylin, float eosin, float scale, int width, int height, float panX, float panY)
    {
        (_frameWidth, _frameHeight, _scale, _isImmuno) = (width, height, scale, isImmuno);
        _width = width + (int)MathF.Ceiling(panX * width);
        _height = height + (int)MathF.Ceiling(panY * width);
        _haematoxylin = new Plane(_width, _height);
        _eosin = new Plane(_width, _height);
        _dab = new Plane(_width, _height);
        (_red, _green, _blue) = (new(_width, _height), new(_width, _height), new(_width, _height));
        _noise = new ValueNoise(draws.Seed("section"));
        _random = draws.Stream("section");
        (_fibreSin, _fibreCos) = MathF.SinCos((float)_random.Range(0, Math.PI));
        PaintStroma(tissue);
        switch (tissue)
        {
            case "glandular":
                PaintNuclei(0.0022f, 5.5f, 1.7f, 0.9f);
                PaintGlands((float)_random.Range(26, 44), 0.1f, 0.95f, 3.2f, 1);
                break;
            case "carcinoma":
                PaintNuclei(0.0026f, 5, 1.6f, 1);
                PaintGlands((float)_random.Range(24, 46), 0.34f, 0.8f, 4.6f, 2);
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
        float left = acrossShare * (_width - _frameWidth);
        float top = downShare * (_height - _frameHeight);
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

    // Coordinates along and across the fibres: the section's own, turned and bent.
    private Vector2 Fibre(float x, float y)
    {
        float along = (_fibreCos * x) + (_fibreSin * y);
        float across = (_fibreCos * y) - (_fibreSin * x);
        return new Vector2(along + (20 * _noise.At((x / 80) + 40, y / 80)), across + (46 * _noise.Fractal((x / 130) + 5, (y / 130) - 9, 2)));
    }

    // Direction of the fibres at a point, in radians: where the coordinate across them does not change.
    private float FibreAngle(float x, float y)
    {
        const float Near = 2;
        float slopeX = (Fibre(x + Near, y).Y - Fibre(x - Near, y).Y) / (2 * Near);
        float slopeY = (Fibre(x, y + Near).Y - Fibre(x, y - Near).Y) / (2 * Near);
        return MathF.Atan2(-slopeX, slopeY);
    }

    private void PaintStroma(string tissue)
    {
        bool dense = tissue == "fibrous-stroma";
        float loose = dense ? 0.15f : tissue == "lymphoid" ? 0.25f : 0.4f;
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                float px = x * _scale;
                float py = y * _scale;
                Vector2 bent = Fibre(px, py);
                (float along, float across) = (bent.X, bent.Y);
                float fibre = _noise.Fractal(along / 34, across / 3.6f, 2);
                float cloud = _noise.Fractal((px / 70) + 90, py / 70, 2);
                float gap = Math.Clamp((_noise.Fractal((along / 45) + 300, (across / 8) + 11, 2) - 0.42f + loose) * 4, 0, 1) * Math.Clamp((fibre + 0.3f) * -3, 0, 1);
                float amount = Math.Clamp(0.36f + (0.3f * fibre) + (0.14f * cloud), 0.02f, 1) * (1 - gap);
                _eosin[x, y] = amount * (_isImmuno ? 0.1f : 1);
                _haematoxylin[x, y] = 0.05f + (0.04f * cloud) + (_isImmuno ? 0.12f * amount : 0.02f);
                if (!_isImmuno && gap > 0.4f)
                {
                    _haematoxylin[x, y] *= 0.3f;
                }
            }
        }
    }

    // density: nuclei per µm²; radius in µm.
    private void PaintNuclei(float density, float radius, float elongation, float strength)
    {
        int count = (int)(density * _width * _height * _scale * _scale);
        for (int i = 0; i < count; i++)
        {
            float x = (float)_random.NextDouble() * _width * _scale;
            float y = (float)_random.NextDouble() * _height * _scale;
            bool lymphocyte = _random.Chance(elongation < 1.2 ? 0.9 : 0.15);
            float size = lymphocyte ? 3.3f : radius * (float)_random.Range(0.7, 1.2);
            float stretch = lymphocyte ? 1.05f : elongation * (float)_random.Range(0.8, 1.3);
            float angle = FibreAngle(x, y) + (0.3f * (float)_random.Gaussian());
            Nucleus(x, y, size * MathF.Sqrt(stretch) * 0.8f, size / MathF.Sqrt(stretch) * 0.8f, angle, strength * (float)_random.Range(0.75, 1.2));
        }

        for (int i = count / 12; i > 0; i--)
        {
            RedCell((float)_random.NextDouble() * _width * _scale, (float)_random.NextDouble() * _height * _scale);
        }
    }

    private void PaintGlands(float size, float irregularity, float regular, float nucleus, int layers)
    {
        List<(Vector2 At, float Radius)> glands = [];
        float spacing = size * (irregularity > 0.2f ? 2.05f : 2.35f);
        int tries = (int)(8 * _width * _height * _scale * _scale / (spacing * spacing)) + 20;
        for (int i = 0; i < tries; i++)
        {
            Vector2 at = new(((float)_random.NextDouble() * (_width * _scale + (2 * size))) - size, ((float)_random.NextDouble() * (_height * _scale + (2 * size))) - size);
            float radius = size * (float)_random.Range(0.75, 1.2);
            if (glands.All(g => Vector2.Distance(g.At, at) > (g.Radius + radius) * 1.08f))
            {
                glands.Add((at, radius));
            }
        }

        foreach ((Vector2 at, float radius) in glands)
        {
            Gland(at, radius, irregularity, regular, nucleus, layers);
        }
    }

    private void Gland(Vector2 at, float radius, float irregularity, float regular, float nucleus, int layers)
    {
        float key = at.X + (at.Y * 3.7f);
        float stretch = (float)_random.Range(0.75, 1.3);
        float lumenShare = (float)_random.Range(0.24, 0.46) * regular;
        bool goblets = irregularity < 0.2f;
        float positive = _isImmuno ? (float)_random.Range(0.35, 1.1) : 0;

        float Outline(Vector2 direction) =>
            1 + (irregularity * _noise.Fractal((direction.X * 1.6f) + key, direction.Y * 1.6f, 2)) + (0.08f * _noise.At((direction.X * 1.2f) - key, direction.Y * 1.2f));

        ForEach(at, radius * 1.6f, (x, y, p) =>
        {
            Vector2 d = (p - at) * new Vector2(stretch, 1 / stretch);
            float length = d.Length() / radius;
            Vector2 direction = length > 1e-3f ? d / (length * radius) : Vector2.UnitX;
            float r = length / Outline(direction);
            if (r > 1.07f)
            {
                return;
            }

            if (r > 1)
            {
                // Basement membrane, often with a cleft.
                float edge = 1 - ((r - 1) / 0.07f);
                _eosin[x, y] = (_eosin[x, y] * (1 - edge)) + (edge * 0.16f * (_isImmuno ? 0.2f : 1));
                _haematoxylin[x, y] *= 1 - (0.6f * edge);
                return;
            }

            float texture = _noise.Fractal(p.X / 4, p.Y / 4, 2);
            float lumen = Math.Clamp((lumenShare - r + (0.05f * texture)) / 0.05f, 0, 1);
            float angle = MathF.Atan2(direction.Y, direction.X);
            float cells = MathF.Abs(MathF.Sin(angle * radius * 0.42f)); // borders between columnar cells
            float cytoplasm = 0.3f + (0.1f * texture) + (cells < 0.16f ? 0.14f : 0);
            float vacuole = goblets && r < 0.78f ? Math.Clamp((_noise.At((angle * radius / 5.5f) + key, r * 4) - 0.05f) * 5, 0, 1) : 0;
            _eosin[x, y] = (_isImmuno ? 0.05f : 1) * ((cytoplasm * (1 - (0.7f * vacuole)) * (1 - lumen)) + (0.04f * lumen));
            _haematoxylin[x, y] = (0.16f + (0.06f * texture)) * (1 - lumen) * (1 - (0.5f * vacuole));
            _dab[x, y] = positive * (1 - lumen) * (0.45f + (0.25f * texture) + (cells < 0.2f || r > 0.93f ? 0.45f : 0)) * (1 - (0.6f * vacuole));
        });

        // Nuclei sit at the base in a regular gland, in several uneven rows in a carcinoma.
        for (int row = 0; row < layers; row++)
        {
            int count = (int)(2 * MathF.PI * radius / (nucleus * (layers > 1 ? 2.1f : 1.6f)));
            float depth = 0.84f - (0.2f * row);
            for (int i = 0; i < count; i++)
            {
                float angle = (2 * MathF.PI * (i + (0.4f * (float)_random.Gaussian() * (layers > 1 ? 1 : 0.4f))) / count) + row;
                Vector2 direction = new(MathF.Cos(angle), MathF.Sin(angle));
                float r = (depth + (0.05f * layers * (float)_random.Gaussian())) * radius * Outline(direction);
                if (r < radius * (lumenShare + 0.08f) || _random.Chance(0.06))
                {
                    continue;
                }

                Vector2 d = direction * r;
                Vector2 place = at + new Vector2(d.X / stretch, d.Y * stretch);
                float size = nucleus * (float)_random.Range(0.75, layers > 1 ? 1.45 : 1.15);
                Nucleus(place.X, place.Y, size * 1.05f, size * (float)_random.Range(0.55, 0.8), angle + (0.25f * (float)_random.Gaussian()), (float)_random.Range(layers > 1 ? 0.5 : 0.7, 1.1));
            }
        }
    }

    private void Nucleus(float px, float py, float a, float b, float angle, float strength)
    {
        (float sin, float cos) = MathF.SinCos(angle);
        float stain = strength * (_isImmuno ? 0.62f : 1.05f);
        ForEach(new Vector2(px, py), a + _scale, (x, y, p) =>
        {
            float u = ((cos * (p.X - px)) + (sin * (p.Y - py))) / a;
            float v = ((cos * (p.Y - py)) - (sin * (p.X - px))) / b;
            float r = MathF.Sqrt((u * u) + (v * v));
            float inside = Math.Clamp(((1 - r) * b / _scale) + 0.5f, 0, 1);
            if (inside <= 0)
            {
                return;
            }

            float chromatin = 0.82f + (0.35f * _noise.Fractal(p.X / 1.5f, p.Y / 1.5f, 2)) + (r > 0.72f ? 0.18f : 0);
            _haematoxylin[x, y] = MathF.Max(_haematoxylin[x, y], inside * stain * chromatin);
            _eosin[x, y] *= 1 - (0.35f * inside);
            _dab[x, y] *= 1 - (0.55f * inside);
        });
    }

    private void RedCell(float px, float py) => ForEach(new Vector2(px, py), 3.2f + _scale, (x, y, p) =>
    {
        float r = Vector2.Distance(p, new Vector2(px, py)) / 3.1f;
        float inside = Math.Clamp(((1 - r) * 3.1f / _scale) + 0.5f, 0, 1);
        _eosin[x, y] += inside * (_isImmuno ? 0.05f : 0.45f) * (r < 0.4f ? 0.8f : 1);
    });

    private void Develop(float haematoxylin, float eosin)
    {
        Vector3 tint = new Vector3((float)_random.Range(-0.06, 0.06), (float)_random.Range(-0.05, 0.05), (float)_random.Range(-0.05, 0.05));
        Vector3 h = Haematoxylin + tint;
        Vector3 e = Eosin + new Vector3(Math.Abs(tint.Y), tint.Z, tint.X + (float)_random.Range(0, 0.3));
        Vector3 white = new(0.96f, 0.955f, 0.965f);
        for (int i = 0; i < _red.Values.Length; i++)
        {
            Vector3 density = (_haematoxylin.Values[i] * haematoxylin * 1.55f * h) + (_eosin.Values[i] * eosin * 0.95f * e) + (_dab.Values[i] * 1.35f * Dab);
            _red.Values[i] = white.X * MathF.Exp(-density.X);
            _green.Values[i] = white.Y * MathF.Exp(-density.Y);
            _blue.Values[i] = white.Z * MathF.Exp(-density.Z);
        }

        foreach (Plane plane in new[] { _red, _green, _blue })
        {
            Blur.Gaussian(plane, Math.Clamp(0.45f / _scale, 0.3f, 1.2f));
        }
    }

    private void ForEach(Vector2 around, float reach, Action<int, int, Vector2> visit)
    {
        for (int y = Math.Max(0, (int)((around.Y - reach) / _scale)); y <= Math.Min(_height - 1, (int)((around.Y + reach) / _scale) + 1); y++)
        {
            for (int x = Math.Max(0, (int)((around.X - reach) / _scale)); x <= Math.Min(_width - 1, (int)((around.X + reach) / _scale) + 1); x++)
            {
                visit(x, y, new Vector2(x, y) * _scale);
            }
        }
    }
}
