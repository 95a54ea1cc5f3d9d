using System.Buffers.Binary;
using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading.Nifti;

/// <summary>The header of a NIfTI-1 file (nifti1.h, 348 bytes), in one file with its values.</summary>
internal sealed record NiftiHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Bytes = 348;

    private const int Nifti2Bytes = 540;
    private const int MostVoxels = 1 << 30;

    private static readonly Dictionary<int, (string Name, int Size)> Types = new()
    {
        [2] = ("uint8", 1), [4] = ("int16", 2), [8] = ("int32", 4), [16] = ("float32", 4), [64] = ("float64", 8), [128] = ("rgb24", 3),
        [256] = ("int8", 1), [512] = ("uint16", 2), [768] = ("uint32", 4),
    };

    /// <summary>Whether words have their highest byte first.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>Voxels along the first axis: columns of a picture.</summary>
    public required int Columns { get; init; }

    /// <summary>Voxels along the second axis: rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Voxels along the third axis.</summary>
    public required int Slices { get; init; }

    /// <summary>Volumes in time.</summary>
    public required int Volumes { get; init; }

    /// <summary>Name of the type of a voxel.</summary>
    public required string Type { get; init; }

    /// <summary>Bytes of a voxel.</summary>
    public required int VoxelBytes { get; init; }

    /// <summary>Where the values begin.</summary>
    public required long Offset { get; init; }

    /// <summary>What a value is multiplied by; scl_slope, or 1.</summary>
    public required double Slope { get; init; }

    /// <summary>What is then added; scl_inter.</summary>
    public required double Intercept { get; init; }

    /// <summary>cal_min and cal_max, the range that is shown; null: none is stated.</summary>
    public required (double Low, double High)? Shown { get; init; }

    /// <summary>Time from one volume to the next; null: none is stated.</summary>
    public required TimeSpan? Step { get; init; }

    /// <summary>Size of a voxel along the first two axes, in mm; null: it is not stated, or not in a unit of length.</summary>
    public required (double X, double Y)? Spacing { get; init; }

    /// <summary>Where the three axes lead to, for instance RAS: to the right, anterior, superior of the patient; null: it is not stated.</summary>
    public required string? Orientation { get; init; }

    /// <summary>Of values of 8 and 16 bits, as they are stored, signed ones from 32,768 on; null: they are wider, or coloured.</summary>
    public ValueScale? Values
    {
        get
        {
            (int Low, int High)? range = Type switch
            {
                "uint8" => (0, byte.MaxValue),
                "int8" => (sbyte.MinValue, sbyte.MaxValue),
                "int16" => (short.MinValue, short.MaxValue),
                "uint16" => (0, ushort.MaxValue),
                _ => null,
            };
            return range is not var (low, high) ? null : new ValueScale
            {
                Slope = Slope,
                Intercept = Intercept - (low < 0 ? Slope * -short.MinValue : 0),
                Minimum = Math.Min(Slope * low, Slope * high) + Intercept,
                Maximum = Math.Max(Slope * low, Slope * high) + Intercept,
            };
        }
    }

    /// <summary>Pictures in all.</summary>
    public int Frames => Slices * Volumes;

    /// <summary>Whether bytes begin a NIfTI file, one that is read or not.</summary>
    public static bool IsOne(ReadOnlySpan<byte> head) => head.Length >= Bytes
        && (BinaryPrimitives.ReadInt32LittleEndian(head) is Bytes or Nifti2Bytes || BinaryPrimitives.ReadInt32BigEndian(head) is Bytes or Nifti2Bytes)
        && (head.Slice(344, 3).SequenceEqual("n+1"u8) || head.Slice(344, 3).SequenceEqual("ni1"u8)
            || head.Slice(4, 3).SequenceEqual("n+2"u8) || head.Slice(4, 3).SequenceEqual("ni2"u8));

    /// <summary>Reads a header.</summary>
    /// <exception cref="MediaException">It is of a kind that is not read; the message names field, value and what is allowed.</exception>
    public static NiftiHeader Read(ReadOnlySpan<byte> head, string name)
    {
        bool isBig = BinaryPrimitives.ReadInt32LittleEndian(head) is not (Bytes or Nifti2Bytes);
        if (!head.Slice(344, 4).SequenceEqual("n+1\0"u8))
        {
            throw Fail(name, "magic", head.Slice(344, 3).SequenceEqual("ni1"u8) ? "ni1, a header without its values"
                : "that of NIfTI-2", "n+1, NIfTI-1 in one file");
        }

        int[] sizes = new int[8];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Short(head, 40 + (2 * i), isBig);
        }

        int rank = sizes[0];
        int[] axes = [.. Enumerable.Range(1, 7).Select(axis => axis <= rank ? sizes[axis] : 1)];
        if (rank is < 2 or > 7 || axes.Any(size => size < 1) || axes.Skip(4).Any(size => size > 1))
        {
            throw Fail(name, "dim", string.Join(" ", sizes), "2 to 4 axes of 1 or more");
        }

        int type = Short(head, 70, isBig);
        if (!Types.TryGetValue(type, out (string Name, int Size) voxel) || Short(head, 72, isBig) != 8 * voxel.Size)
        {
            throw Fail(
                name, "datatype", string.Create(CultureInfo.InvariantCulture, $"{type} of {Short(head, 72, isBig)} bits"),
                string.Join(", ", Types.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} ({one.Value.Name})"))));
        }

        double offset = Single(head, 108, isBig);
        (double slope, double intercept) = (Single(head, 112, isBig), Single(head, 116, isBig));
        if (!(offset is >= Bytes + 4 and < int.MaxValue) || offset != Math.Floor(offset))
        {
            throw Fail(name, "vox_offset", offset.ToString(CultureInfo.InvariantCulture), "a whole number from 352");
        }

        if (!double.IsFinite(slope) || !double.IsFinite(intercept))
        {
            throw Fail(name, "scl_slope, scl_inter", "no number", "numbers");
        }

        if ((long)axes[0] * axes[1] * voxel.Size > MostVoxels || (long)axes[2] * axes[3] > int.MaxValue)
        {
            throw Fail(name, "dim", string.Join(" ", sizes), "pictures of at most 1 GiB");
        }

        (double low, double high) = (Single(head, 128, isBig), Single(head, 124, isBig));
        return new NiftiHeader
        {
            IsBigEndian = isBig, Columns = axes[0], Rows = axes[1], Slices = axes[2], Volumes = axes[3], Type = voxel.Name, VoxelBytes = voxel.Size,
            Offset = (long)offset, Slope = slope == 0 ? 1 : slope, Intercept = slope == 0 ? 0 : intercept,
            Shown = high > low && double.IsFinite(high) && double.IsFinite(low) ? (low, high) : null,
            Step = StepOf(Single(head, 92, isBig), head[123] & 0x38), Orientation = OrientationOf(head, isBig),
            Spacing = SpacingOf(Single(head, 80, isBig), Single(head, 84, isBig), head[123] & 0x07),
        };
    }

    private static MediaException Fail(string name, string field, string got, string allowed) =>
        new(name, $"{name}: NIfTI: {field}: got {got}; allowed: {allowed}.");

    // xyzt_units: 8 seconds, 16 milliseconds, 24 microseconds; none stated is seconds, as readers take it.
    private static TimeSpan? StepOf(double step, int units)
    {
        double seconds = units switch { 16 => step / 1e3, 24 => step / 1e6, 0 or 8 => step, _ => 0 };
        return seconds is >= 1e-6 and <= 3600 ? TimeSpan.FromSeconds(seconds) : null;
    }

    // xyzt_units: 1 m, 2 mm, 3 micrometres.
    private static (double X, double Y)? SpacingOf(double x, double y, int units)
    {
        double mm = units switch { 1 => 1e3, 2 => 1, 3 => 1e-3, _ => 0 };
        return mm * x > 0 && mm * y > 0 && double.IsFinite(x) && double.IsFinite(y) ? (mm * x, mm * y) : null;
    }

    // By the affine matrix (sform) where there is one, else by the quaternion (qform).
    private static string? OrientationOf(ReadOnlySpan<byte> head, bool isBig)
    {
        double[,] matrix = new double[3, 3];
        if (Short(head, 254, isBig) > 0)
        {
            for (int row = 0; row < 3; row++)
            {
                for (int axis = 0; axis < 3; axis++)
                {
                    matrix[row, axis] = Single(head, 280 + (16 * row) + (4 * axis), isBig);
                }
            }
        }
        else if (Short(head, 252, isBig) > 0)
        {
            (double b, double c, double d) = (Single(head, 256, isBig), Single(head, 260, isBig), Single(head, 264, isBig));
            double a = Math.Sqrt(Math.Max(0, 1 - (b * b) - (c * c) - (d * d)));
            double third = Single(head, 76, isBig) < 0 ? -1 : 1;
            matrix = new[,]
            {
                { (a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) - (a * d)), third * 2 * ((b * d) + (a * c)) },
                { 2 * ((b * c) + (a * d)), (a * a) + (c * c) - (b * b) - (d * d), third * 2 * ((c * d) - (a * b)) },
                { 2 * ((b * d) - (a * c)), 2 * ((c * d) + (a * b)), third * ((a * a) + (d * d) - (b * b) - (c * c)) },
            };
        }
        else
        {
            return null;
        }

        string[] names = ["LR", "PA", "IS"];
        string axes = "";
        for (int axis = 0; axis < 3; axis++)
        {
            int row = Enumerable.Range(0, 3).MaxBy(one => Math.Abs(matrix[one, axis]));
            axes += names[row][matrix[row, axis] > 0 ? 1 : 0];
        }

        return axes.Select(one => names.ToList().FindIndex(name => name.Contains(one, StringComparison.Ordinal))).Distinct().Count() == 3 ? axes
            : null;
    }

    private static short Short(ReadOnlySpan<byte> head, int at, bool isBig) =>
        isBig ? BinaryPrimitives.ReadInt16BigEndian(head[at..]) : BinaryPrimitives.ReadInt16LittleEndian(head[at..]);

    private static double Single(ReadOnlySpan<byte> head, int at, bool isBig) =>
        isBig ? BinaryPrimitives.ReadSingleBigEndian(head[at..]) : BinaryPrimitives.ReadSingleLittleEndian(head[at..]);
}
