using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Errors;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Specifications;

namespace MedGen.Datasets.Augmentation;

/// <summary>Reads and checks a specification.</summary>
public static class AugmentationSpecReader
{
    private const int MostClips = 1_000_000;

    /// <summary>snake_case, enumerations by snake_case name, comments and trailing commas allowed.</summary>
    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Parses and checks.</summary>
    /// <param name="json">The JSON text; empty: all defaults.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="InvalidInputException">It is no JSON object, a key is unknown, or values are out of range; all are named.</exception>
    public static AugmentationSpec Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Check(json.Length == 0 ? new AugmentationSpec() : SpecificationJson.Parse<AugmentationSpec>(Encoding.UTF8.GetBytes(json), "spec", Json));
    }

    /// <summary>Writes a specification as it is read, defaults included.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>JSON on one line.</returns>
    public static string Write(AugmentationSpec spec) => JsonSerializer.Serialize(spec, Json);

    /// <summary>Checks the ranges.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>The same.</returns>
    /// <exception cref="InvalidInputException">Values are out of range; all are named.</exception>
    public static AugmentationSpec Check(AugmentationSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        FieldViolation[] violations =
        [
            .. spec.Labels.Violations(),
            .. Within("split.validation", spec.Split.Validation, 0, 0.5),
            .. Within("split.test", spec.Split.Test, 0.01, 0.5),
            .. Side("clip.width", spec.Clip.Width),
            .. Side("clip.height", spec.Clip.Height),
            .. spec.Clip.Frames is >= 1 and <= ClipSpec.MostFrames && spec.Clip.Frames % 4 == 1 ? Nothing : Wrong("clip.frames", $"got {spec.Clip.Frames}; 4k + 1 (1, 5, 9, …), 1 to {ClipSpec.MostFrames} is allowed."),
            .. Within("clip.fps", spec.Clip.Fps, 1, 60),
            .. Balance(spec.Balance),
            .. spec.Methods.Count > 0 ? Nothing : Wrong("methods", "is empty; at least one method is needed."),
            .. spec.Methods.SelectMany((method, i) => Within($"methods[{i}].weight", method.Weight, 1e-6, 1e6)),
            .. spec.Methods.SelectMany((method, i) => method.Options is null or { ValueKind: JsonValueKind.Object } ? Nothing : Wrong($"methods[{i}].options", "is no JSON object.")),
            .. Within("max_attempts", spec.MaxAttempts, 1, 100),
            .. Within("max_unreadable", spec.MaxUnreadable, 0, MostClips),
            .. Within("filters.quality.least", spec.Filters.Quality.Least, 0, 1),
            .. Within("filters.quality.most", spec.Filters.Quality.Most, 1, 1000),
            .. Within("filters.quality.brightness", spec.Filters.Quality.Brightness, 0, 255),
            .. Within("filters.duplicates.correlation", spec.Filters.Duplicates.Correlation, 0.5, 1),
            .. Within("filters.outliers.factor", spec.Filters.Outliers.Factor, 0.1, 100),
            .. Within("filters.classifier.probability", spec.Filters.Classifier.Probability, 0, 1),
            .. Within("filters.privacy.quantile", spec.Filters.Privacy.Quantile, 0.01, 1),
            .. Within("filters.per_prompt", spec.Filters.PerPrompt, 1, MostClips),
        ];
        return violations.Length == 0 ? spec : throw new InvalidInputException(violations);
    }

    /// <summary>Has the augmenter check the methods.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="augmenter">The plugin's.</param>
    /// <param name="trainer">Trains adapters; null: nobody does.</param>
    /// <exception cref="InvalidInputException">A method or an option is unknown or out of range, or has an adapter trained where nobody does; fields begin with <c>methods[i]</c>. Or the adapter's model cannot be trained at the shape; fields begin with <c>clip</c>.</exception>
    /// <exception cref="ModelFormatException">The model whose adapter is to be trained is broken or incomplete.</exception>
    public static void CheckMethods(AugmentationSpec spec, IDatasetAugmenter augmenter, IAdapterTrainer? trainer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(augmenter);
        for (int i = 0; i < spec.Methods.Count; i++)
        {
            MethodSpec method = spec.Methods[i];
            if (augmenter.Methods.All(known => known.Name != method.Type))
            {
                throw new InvalidInputException($"methods[{i}].type", $"got '{method.Type}'; allowed are {string.Join(", ", augmenter.Methods.Select(known => known.Name))}.");
            }

            try
            {
                augmenter.Check(method.ToMethod());
            }
            catch (InvalidInputException exception)
            {
                throw new InvalidInputException([.. exception.Violations.Select(v => new FieldViolation($"methods[{i}].options.{v.Field}", v.Description))]);
            }
        }

        AdapterNeeds.Check(spec, augmenter, trainer);
    }

    private static IEnumerable<FieldViolation> Nothing => [];

    private static IEnumerable<FieldViolation> Balance(BalanceSpec balance) =>
    [
        .. new object?[] { balance.PerClass, balance.AddPerClass, balance.Ratio }.Count(value => value is not null) <= 1
            ? Nothing : Wrong("balance", "names several of per_class, add_per_class and ratio; one is allowed."),
        .. Within("balance.per_class", balance.PerClass, 1, MostClips),
        .. Within("balance.add_per_class", balance.AddPerClass, 1, MostClips),
        .. Within("balance.ratio", balance.Ratio, 1e-6, 100),
        .. balance.Classes.SelectMany(one => Within($"balance.classes.{one.Key}", one.Value, 0, MostClips)),
    ];

    private static IEnumerable<FieldViolation> Side(string field, int px) =>
        px is >= 32 and <= ClipSpec.MostSide && px % 2 == 0 ? Nothing : Wrong(field, $"got {px} px; an even number, 32 to {ClipSpec.MostSide}, is allowed.");

    private static IEnumerable<FieldViolation> Within(string field, double? value, double least, double most) => value is null || (value >= least && value <= most)
        ? Nothing
        : Wrong(field, string.Create(CultureInfo.InvariantCulture, $"got {value}; {least} to {most} is allowed."));

    private static IEnumerable<FieldViolation> Wrong(string field, string what) => [new FieldViolation(field, what)];
}
