using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Deidentification;

/// <summary>The options of a de-identification, beside the Basic Profile, which always holds.</summary>
public sealed record DeidentificationProfile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>
    /// What becomes of dates: <c>remove</c> (default; the Basic Profile) or <c>shift</c> (Retain Longitudinal Temporal Information with Modified
    /// Dates: each patient's by 1 to 3650 days into the past, by the key).
    /// </summary>
    public DateHandling Dates { get; init; }

    /// <summary>
    /// Clean Pixel Data: blank the regions that are stated for a device, and outside of the regions of an ultrasound header. Default false. An
    /// object for which nothing is stated is flagged.
    /// </summary>
    public bool CleanPixels { get; init; }

    /// <summary>Whether, with <see cref="CleanPixels"/>, everything outside of (0018,6011) Sequence of Ultrasound Regions is blanked. Default
    /// true.</summary>
    public bool UltrasoundRegions { get; init; } = true;

    /// <summary>Where devices write into their pictures.</summary>
    public IReadOnlyList<BurnedInRegions> Regions { get; init; } = [];

    /// <summary>Whether what is left is looked at by tesseract, where it is installed; what it can read is flagged. Default true.</summary>
    public bool CheckText { get; init; } = true;

    /// <summary>Reads a profile.</summary>
    /// <param name="json">JSON with the properties in snake_case.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="InvalidInputException">It is no such JSON, or a rectangle is none.</exception>
    public static DeidentificationProfile Parse(ReadOnlySpan<byte> json)
    {
        DeidentificationProfile profile;
        try
        {
            profile = JsonSerializer.Deserialize<DeidentificationProfile>(json, Strict) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidInputException("profile", $"is not as expected at {error.Path ?? "its start"}: {error.Message}");
        }

        foreach ((int index, BurnedInRegions regions) in profile.Regions.Index())
        {
            if (regions.Rectangles.Count == 0 || regions.Rectangles.Any(one => one is not [>= 0, >= 0, > 0, > 0]))
            {
                throw new InvalidInputException(
                    $"profile.regions[{index}].rectangles", "holds something else than [left, top, width, height] in px, or nothing.");
            }
        }

        return profile;
    }
}
