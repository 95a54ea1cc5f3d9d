using System.Globalization;

namespace MedGen.Bench.Fuzz;

/// <summary>How many of each kind are damaged; 0: none.</summary>
internal sealed record FuzzOptions
{
    public int Messages { get; init; } = 100_000;

    public int Media { get; init; } = 5_000;

    public int Files { get; init; } = 20_000;

    public int Dicom { get; init; } = 20_000;

    /// <summary>Folder of the objects to damage; null: the fixtures of the tests.</summary>
    public string? DicomFolder { get; init; }

    public int Seed { get; init; } = 20261129;

    /// <returns>The options; null: something else was given.</returns>
    public static FuzzOptions? Parse(string[] arguments)
    {
        FuzzOptions options = new();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (arguments[i..] is ["--dicom-folder", var folder, ..])
            {
                options = options with { DicomFolder = folder };
                continue;
            }

            if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                return null;
            }

            switch (arguments[i])
            {
                case "--messages":
                    options = options with { Messages = value };
                    break;
                case "--media":
                    options = options with { Media = value };
                    break;
                case "--files":
                    options = options with { Files = value };
                    break;
                case "--dicom":
                    options = options with { Dicom = value };
                    break;
                case "--seed":
                    options = options with { Seed = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
