using MedGen.Phantoms.Randomness;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>Draws what devices and archives put over a picture: print, lines, borders, round and cut-corner masks, hidden patches.</summary>
internal static class PictureObstruction
{
    public static void Apply(Span<float> view, int side, Random random)
    {
        if (random.Chance(0.25))
        {
            Print(view, side, random);
        }

        if (random.Chance(0.2))
        {
            Border(view, side, random);
        }

        if (random.Chance(0.12))
        {
            RoundMask(view, side, random);
        }

        if (random.Chance(0.2))
        {
            int width = random.Next(side / 8, side / 3);
            int height = random.Next(side / 8, side / 3);
            Fill(view, side, random.Next(side - width), random.Next(side - height), width, height, random.Chance(0.6) ? 0 : random.NextSingle());
        }
    }

    private static void Print(Span<float> view, int side, Random random)
    {
        float ink = random.Chance(0.8) ? 1 : random.NextSingle();
        int lines = random.Next(1, 6);
        for (int line = 0; line < lines; line++)
        {
            int x = random.Next(side);
            int y = random.Next(side - 4);
            int letters = random.Next(2, 14);
            for (int letter = 0; letter < letters; letter++, x += 3)
            {
                for (int dot = 0; dot < 6; dot++)
                {
                    if (random.Chance(0.55))
                    {
                        Fill(view, side, x + (dot % 2), y + (dot / 2), 1, 1, ink);
                    }
                }
            }
        }
    }

    private static void Border(Span<float> view, int side, Random random)
    {
        float level = random.Chance(0.75) ? 0 : random.NextSingle();
        for (int edge = 0; edge < 4; edge++)
        {
            if (random.Chance(0.5))
            {
                int depth = random.Next(1, side / 7);
                bool flat = edge < 2;
                int at = edge % 2 == 0 ? 0 : side - depth;
                Fill(view, side, flat ? 0 : at, flat ? at : 0, flat ? side : depth, flat ? depth : side, level);
            }
        }
    }

    private static void RoundMask(Span<float> view, int side, Random random)
    {
        // |x|^p + |y|^p = 1: a disc at 2, a square with cut corners above.
        double power = random.Range(1.6, 5);
        double radius = random.Range(0.48, 0.62) * side;
        double centerX = random.Range(0.42, 0.58) * side;
        double centerY = random.Range(0.42, 0.58) * side;
        float level = random.Chance(0.85) ? 0 : 1;
        for (int i = 0; i < side * side; i++)
        {
            double dx = Math.Abs((i % side) - centerX) / radius;
            double dy = Math.Abs((i / side) - centerY) / radius;
            if (Math.Pow(dx, power) + Math.Pow(dy, power) > 1)
            {
                (view[i], view[(side * side) + i], view[(2 * side * side) + i]) = (level, level, level);
            }
        }
    }

    private static void Fill(Span<float> view, int side, int left, int top, int width, int height, float level)
    {
        for (int y = top; y < Math.Min(side, top + height); y++)
        {
            for (int x = left; x < Math.Min(side, left + width); x++)
            {
                int at = (y * side) + x;
                (view[at], view[(side * side) + at], view[(2 * side * side) + at]) = (level, level, level);
            }
        }
    }
}
