using System.Text.Json;
using System.Text.RegularExpressions;

namespace MedGen.Phantoms.Lexicon;

/// <summary>
/// How clinicians, engineers and lay people name what the simulated kinds show, and the forms in which they ask for it. The words are data: a file a
/// kind and one of templates, in the folder <c>Data</c>.
/// </summary>
public sealed partial class ClinicalLexicon
{
    private const string TemplatesFile = "templates";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling =
        System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };
    private static readonly Lazy<ClinicalLexicon> Loaded = new(Load);

    private readonly IReadOnlyDictionary<string, KindWords> _kinds;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _templates;

    private ClinicalLexicon(IReadOnlyDictionary<string, KindWords> kinds, IReadOnlyDictionary<string, IReadOnlyList<string>> templates) =>
        (_kinds, _templates) = (kinds, templates);

    /// <summary>The lexicon that comes with this library.</summary>
    public static ClinicalLexicon Default => Loaded.Value;

    /// <summary>Kinds that it has words for, by name.</summary>
    public IReadOnlyList<string> Kinds => [.. _kinds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Languages that it has words in.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "de", "fr", "es"];

    /// <summary>Every text of the lexicon, for a vocabulary: names, templates and framings, with their <c>{…}</c>.</summary>
    public IEnumerable<string> Texts => _kinds.Values.SelectMany(kind => kind.Terms.SelectMany(term => Languages.SelectMany(term.In)))
        .Concat(_templates.Values.SelectMany(list => list))
        .Concat(_kinds.Values.SelectMany(kind => kind.Templates.Values.SelectMany(list => list)));

    /// <summary>
    /// Phrases around a caption in a language, in which <c>{caption}</c> stands for it, and other <c>{…}</c> for a phrase of that list: who asks, for
    /// whom, in which style. They say nothing of what is seen.
    /// </summary>
    internal IReadOnlyList<string> Framings(string language) => _templates[language == "en" ? "framings" : $"framings-{language}"];

    /// <summary>The phrases of a list that framings name, for instance <c>style</c>.</summary>
    internal IReadOnlyList<string> Phrases(string list) => _templates[list];

    /// <summary>The templates of a kind in a language that can be filled from some slots.</summary>
    internal IReadOnlyList<string> Templates(string kind, string language, IReadOnlySet<string> slots) =>
    [
        .. _templates[language].Concat(_kinds[kind].Templates.GetValueOrDefault(language) ?? [])
            .Where(template => Placeholder().Matches(template).All(match => slots.Contains(match.Groups[1].Value))),
    ];

    /// <summary>Names by slot in a language, of what is true of a clip; slots without any are left out.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Names(string kind, string language, IReadOnlyDictionary<string, string> values) =>
        Kind(kind).Terms.Where(term => term.IsTrueOf(values)).GroupBy(term => term.Slot)
            .Select(slot => (slot.Key, Names: (IReadOnlyList<string>)[.. slot.SelectMany(term => term.In(language))]))
            .Where(slot => slot.Names.Count > 0)
            .ToDictionary(slot => slot.Key, slot => slot.Names, StringComparer.Ordinal);

    [GeneratedRegex(@"\{([a-z-]+)\}")]
    internal static partial Regex Placeholder();

    private KindWords Kind(string kind) => _kinds.GetValueOrDefault(kind)
        ?? throw new Sdk.Errors.InvalidInputException("kind", $"got '{kind}'; allowed: {string.Join(", ", Kinds)}.");

    private static ClinicalLexicon Load()
    {
        const string Prefix = "MedGen.Phantoms.Lexicon.Data.";
        var assembly = typeof(ClinicalLexicon).Assembly;
        Dictionary<string, KindWords> kinds = [];
        Dictionary<string, IReadOnlyList<string>> templates = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string name = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            if (name == TemplatesFile)
            {
                templates = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(stream, Json)!;
            }
            else
            {
                kinds.Add(name, JsonSerializer.Deserialize<KindWords>(stream, Json)!);
            }
        }

        return new ClinicalLexicon(kinds, templates);
    }

    /// <summary>The file of a kind.</summary>
    internal sealed record KindWords
    {
        public required IReadOnlyList<ClinicalTerm> Terms { get; init; }

        /// <summary>Templates of this kind alone, by language.</summary>
        public IReadOnlyDictionary<string, IReadOnlyList<string>> Templates { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    }
}
