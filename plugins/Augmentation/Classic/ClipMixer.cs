using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>Makes one clip of two.</summary>
internal static class ClipMixer
{
    /// <summary>Mixes.</summary>
    /// <returns>The clip, and the other clip's exact share of it: its weight, or the part of the volume that it covers.</returns>
    public static (ClipPixels Clip, double Share) Mix(ClipPixels clip, ClipPixels other, ClipMixing mixing, double alpha, RandomStream random)
    {
        // The first clip keeps the larger part: the clip is made for its class.
        double drawn = random.Beta(alpha);
        double share = Math.Min(drawn, 1 - drawn);
        return mixing == ClipMixing.Mixup ? Blend(clip, other, share) : Paste(clip, other, share, isTube: mixing == ClipMixing.Tubemix, random);
    }

    private static (ClipPixels Clip, double Share) Blend(ClipPixels clip, ClipPixels other, double share)
    {
        ClipPixels output = clip.Blank();
        for (int i = 0; i < clip.Data.Length; i++)
        {
            output.Data[i] = (byte)Math.Round((clip.Data[i] * (1 - share)) + (other.Data[i] * share));
        }

        return (output, share);
    }

    private static (ClipPixels Clip, double Share) Paste(ClipPixels clip, ClipPixels other, double share, bool isTube, RandomStream random)
    {
        double side = isTube ? Math.Sqrt(share) : Math.Cbrt(share);
        (int width, int height) = ((int)Math.Round(clip.Width * side), (int)Math.Round(clip.Height * side));
        int frames = isTube ? clip.Frames : (int)Math.Round(clip.Frames * side);
        (int x, int y, int t) =
            (random.Below(clip.Width - width + 1), random.Below(clip.Height - height + 1), random.Below(clip.Frames - frames + 1));
        ClipPixels output = clip with { Data = [.. clip.Data] };
        for (int frame = t; frame < t + frames; frame++)
        {
            for (int row = y; row < y + height; row++)
            {
                int at = ((row * clip.Width) + x) * 3;
                other.Frame(frame).Slice(at, width * 3).CopyTo(output.Frame(frame)[at..]);
            }
        }

        return (output, (double)width * height * frames / ((double)clip.Width * clip.Height * clip.Frames));
    }
}
