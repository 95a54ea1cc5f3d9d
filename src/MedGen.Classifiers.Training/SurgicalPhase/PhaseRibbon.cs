using System.Globalization;
using System.Security;
using System.Text;
using MedGen.Sdk.Frames;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Overlays;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>
/// Draws a course as coloured bands over time, the truth above the prediction when it is known, with ticks every so many minutes and a legend.
/// </summary>
public static class PhaseRibbon
{
    private const int Width = 1000;
    private const int Margin = 20;
    private const int BandTop = 34;
    private const int BandHeight = 44;
    private const int BandGap = 26;
    private const int LegendRow = 20;
    private const int LegendColumns = 3;
    private const int TextScale = 2;

    // Okabe and Ito's palette, which people with colour vision deficiencies can tell apart, and greys for further phases.
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#999999", "#444444"];
    private static readonly int[] TickSeconds = [10, 30, 60, 120, 300, 600, 1200, 3600];

    /// <summary>Draws the ribbon as SVG.</summary>
    /// <param name="labels">Names of the phases.</param>
    /// <param name="predicted">Phase of each second.</param>
    /// <param name="truth">True phase of each second; null: unknown.</param>
    /// <returns>The SVG document.</returns>
    public static string Svg(IReadOnlyList<string> labels, IReadOnlyList<int> predicted, IReadOnlyList<int>? truth)
    {
        Layout layout = new(labels, predicted, truth);
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{layout.Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        foreach (Box box in layout.Boxes)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{box.Left:0.##}\" y=\"{box.Top}\" width=\"{box.Width:0.##}\" height=\"{box.Height}\" fill=\"{box.Colour}\"/>\n");
        }

        foreach (Caption caption in layout.Captions)
        {
            svg.Append(
                CultureInfo.InvariantCulture, $"<text x=\"{caption.Left}\" y=\"{caption.Top + 11}\">{SecurityElement.Escape(caption.Text)}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Draws the ribbon as a picture.</summary>
    /// <param name="labels">Names of the phases; letters, digits and hyphens.</param>
    /// <param name="predicted">Phase of each second.</param>
    /// <param name="truth">True phase of each second; null: unknown.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    public static VideoFrame Picture(IReadOnlyList<string> labels, IReadOnlyList<int> predicted, IReadOnlyList<int>? truth)
    {
        Layout layout = new(labels, predicted, truth);
        Plane[] planes = [new(Width, layout.Height), new(Width, layout.Height), new(Width, layout.Height)];
        for (int channel = 0; channel < planes.Length; channel++)
        {
            Plane plane = planes[channel];
            Fill(plane, 0, 0, Width, layout.Height, 1);
            foreach (Box box in layout.Boxes)
            {
                float value = Convert.ToInt32(box.Colour.Substring(1 + (2 * channel), 2), 16) / 255f;
                int left = (int)Math.Round(box.Left);
                Fill(plane, left, box.Top, Math.Max(1, (int)Math.Round(box.Left + box.Width) - left), box.Height, value);
            }

            foreach (Caption caption in layout.Captions)
            {
                PixelText.Draw(plane, caption.Text, caption.Left, caption.Top, TextScale, 0);
            }
        }

        return PlaneFrames.ToFrame(planes[0], planes[1], planes[2], 0, 1);
    }

    private static void Fill(Plane plane, int left, int top, int width, int height, float value)
    {
        for (int y = top; y < Math.Min(plane.Height, top + height); y++)
        {
            for (int x = left; x < Math.Min(plane.Width, left + width); x++)
            {
                plane[x, y] = value;
            }
        }
    }

    private sealed record Box(double Left, int Top, double Width, int Height, string Colour);

    private sealed record Caption(int Left, int Top, string Text);

    private sealed class Layout
    {
        public Layout(IReadOnlyList<string> labels, IReadOnlyList<int> predicted, IReadOnlyList<int>? truth)
        {
            ArgumentNullException.ThrowIfNull(labels);
            ArgumentNullException.ThrowIfNull(predicted);
            double scale = (Width - (2.0 * Margin)) / Math.Max(predicted.Count, truth?.Count ?? 1);
            int top = BandTop;
            if (truth is not null)
            {
                AddBand("truth", truth, top, scale);
                top += BandHeight + BandGap;
            }

            AddBand("prediction", predicted, top, scale);
            top += BandHeight + 4;
            int step = TickSeconds.FirstOrDefault(t => predicted.Count / t <= 14, 3600);
            for (int second = 0; second <= predicted.Count; second += step)
            {
                int left = (int)(Margin + (second * scale));
                Boxes.Add(new Box(left, top, 1, 6, "#000000"));
                Captions.Add(
                    new Caption(
                        left, top + 8, TimeSpan.FromSeconds(second)
                            .ToString(predicted.Count >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture)));
            }

            top += 34;
            for (int i = 0; i < labels.Count; i++)
            {
                int left = Margin + (i % LegendColumns * ((Width - (2 * Margin)) / LegendColumns));
                int row = top + (i / LegendColumns * LegendRow);
                Boxes.Add(new Box(left, row, 14, 12, Colours[i % Colours.Length]));
                Captions.Add(new Caption(left + 22, row, labels[i]));
            }

            Height = top + ((labels.Count + LegendColumns - 1) / LegendColumns * LegendRow) + 10;
        }

        public List<Box> Boxes { get; } = [];

        public List<Caption> Captions { get; } = [];

        public int Height { get; }

        private void AddBand(string name, IReadOnlyList<int> phases, int top, double scale)
        {
            Captions.Add(new Caption(Margin, top - 16, name));
            Boxes.AddRange(
                PhaseSegment.Of(phases)
                    .Select(s => new Box(Margin + (s.Start * scale), top, s.Length * scale, BandHeight, Colours[s.Phase % Colours.Length])));
        }
    }
}
