namespace MedGen.Phantoms.Ultrasound;

/// <summary>Geometry of a probe. Positions are in mm: x to the right in the picture, z downwards from the middle of the probe's face.</summary>
/// <param name="HalfAngle">Half of the sector's opening in rad; 0 for a linear probe.</param>
/// <param name="Radius">Radius of the probe's face in mm: about 0 for a phased array, about 50 for a convex one.</param>
/// <param name="HalfWidth">Half of the face's width in mm; of a linear probe only.</param>
/// <param name="Depth">Depth of the picture in mm.</param>
internal sealed record UltrasoundProbe(double HalfAngle, double Radius, double HalfWidth, double Depth)
{
    /// <summary>Whether the lines are parallel.</summary>
    public bool IsLinear => HalfAngle == 0;

    /// <summary>Half of the width of the whole picture in mm.</summary>
    public double HalfExtent => IsLinear ? HalfWidth : (Radius + Depth) * Math.Sin(HalfAngle);

    /// <summary>Height of the whole picture in mm; with a curved face it begins above the middle of the face.</summary>
    public double Top => IsLinear ? 0 : Radius * (Math.Cos(HalfAngle) - 1);

    /// <summary>Where a point lies: lateral -1 (left) to 1 (right), axial 0 (face) to 1 (full depth); beyond these outside the picture.</summary>
    public (float Lateral, float Axial) ToLine(float x, float z)
    {
        if (IsLinear)
        {
            return ((float)(x / HalfWidth), (float)(z / Depth));
        }

        float fromCentre = z + (float)Radius;
        float range = MathF.Sqrt((x * x) + (fromCentre * fromCentre));
        return ((float)(MathF.Atan2(x, fromCentre) / HalfAngle), (float)((range - Radius) / Depth));
    }

    /// <summary>The opposite of <see cref="ToLine"/>.</summary>
    public (float X, float Z) ToPoint(double lateral, double axial)
    {
        if (IsLinear)
        {
            return ((float)(lateral * HalfWidth), (float)(axial * Depth));
        }

        double range = Radius + (axial * Depth);
        return ((float)(range * Math.Sin(lateral * HalfAngle)), (float)((range * Math.Cos(lateral * HalfAngle)) - Radius));
    }
}
