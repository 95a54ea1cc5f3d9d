using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.ComputedTomography;

/// <summary>Window of a CT picture.</summary>
internal static class CtWindow
{
    /// <summary>Maps Hounsfield units to brightness in place: center - width/2 becomes 0, center + width/2 becomes 1.</summary>
    public static void Apply(Plane picture, double center, double width)
    {
        for (int i = 0; i < picture.Values.Length; i++)
        {
            picture.Values[i] = (float)Math.Clamp(((picture.Values[i] - center) / width) + 0.5, 0, 1);
        }
    }
}
