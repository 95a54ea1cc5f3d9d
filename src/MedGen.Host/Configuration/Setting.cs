using System.Reflection;
using System.Text.Json;

namespace MedGen.Host.Configuration;

/// <summary>One setting: its key and the property that it sets.</summary>
/// <param name="Key">The key, with a dot before each inner name.</param>
/// <param name="Section">The property of the host's options that holds the property; null: it is one of the host's own.</param>
/// <param name="Property">The property that it sets.</param>
internal sealed record Setting(string Key, PropertyInfo? Section, PropertyInfo Property)
{
    // Set by the host itself, or only by the commands that start one in their own process.
    private static readonly HashSet<string> NotSettings =
    [
        "read_only", "follow_dataset_links", "jobs.follow_dataset_links", "plugins.roots", "plugins.data_root",
        "plugins.state_file", "plugins.worker_command",
        "runtime.model_path", "storage.cluster_host", "storage.data_folder", "storage.read_only",
    ];

    private static readonly HashSet<string> Reloadable =
    [
        "jobs.max_queued_jobs", "jobs.max_queued_jobs_per_caller", "jobs.max_streams_per_caller", "jobs.max_generated_frames",
        "jobs.retry_after", "logging.level", "logging.levels",
    ];

    /// <summary>All settings of a host, by key.</summary>
    public static IReadOnlyDictionary<string, Setting> All { get; } = List().OrderBy(setting => setting.Key, StringComparer.Ordinal)
        .ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);

    public bool IsSecret => Property.GetCustomAttribute<SecretAttribute>() is not null;

    public bool IsReloadable => Reloadable.Contains(Key);

    /// <summary>The key that is written: a secret's value lies in a file.</summary>
    public string WrittenKey => IsSecret ? Key + "_file" : Key;

    public string Allowed => IsSecret ? "a file that holds it" : SettingText.Allowed(Property);

    public bool IsNullable =>
        Nullable.GetUnderlyingType(Property.PropertyType) is not null
        || (!Property.PropertyType.IsValueType && new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable);

    private static IEnumerable<Setting> List()
    {
        HashSet<string> seen = [];
        PropertyInfo[] own = typeof(MedGenHostOptions).GetProperties();

        // What the host's options say themselves counts for the section's property of the same key, too.
        return own.Where(property => SectionType(property) is null).SelectMany(property => Of(null, property, ""))
            .Concat(own.Where(property => SectionType(property) is not null).SelectMany(section =>
                SectionType(section)!.GetProperties().SelectMany(property => Of(section, property, Snake(section.Name) + "."))))
            .Where(setting => !NotSettings.Contains(setting.Key) && seen.Add(setting.Key));
    }

    /// <summary>The options of another project, or a class of the host's own; null: the property is a setting itself.</summary>
    private static Type? SectionType(PropertyInfo property) =>
        property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Action<>) ? type.GetGenericArguments()[0]
        : property.PropertyType.Namespace!.StartsWith("MedGen.", StringComparison.Ordinal) && property.PropertyType.IsClass ? property.PropertyType
        : null;

    private static IEnumerable<Setting> Of(PropertyInfo? section, PropertyInfo property, string prefix)
    {
        string key = property.GetCustomAttribute<SettingAttribute>()?.Key ?? prefix + Snake(property.Name);
        Type type = property.PropertyType;
        bool isList = SettingText.IsList(type) && (property.CanWrite || type.IsAssignableTo(typeof(IList<string>)));
        return isList || (property.CanWrite && (SettingText.IsPlain(type) || SettingText.IsMap(type))) ? [new Setting(key, section, property)] : [];
    }

    /// <summary>A name as files spell it; MiB is one word.</summary>
    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.Replace("MiB", "Mib", StringComparison.Ordinal));
}
