using System.Reflection;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Configuration;

/// <summary>Puts the values of several sources into the options of a host.</summary>
/// <param name="sources">The sources; the first that has a setting counts.</param>
/// <param name="violations">Takes what is wrong.</param>
internal sealed class SettingBinder(IReadOnlyList<SettingSource> sources, Violations violations)
{
    /// <summary>Names every value that is of no setting.</summary>
    public void RefuseUnknown()
    {
        foreach ((SettingSource source, string path) in sources.SelectMany(source => source.Values.Keys.Select(path => (source, path))))
        {
            bool isKnown = Setting.All.Values.Any(setting => Colons(setting.WrittenKey).Equals(path, StringComparison.OrdinalIgnoreCase)
                || (IsNested(setting) && path.StartsWith(Colons(setting.Key) + ":", StringComparison.OrdinalIgnoreCase)));

            // A section that is empty, such as "jobs": {}, has a path and no value.
            bool isEmptySection = source.Values[path] is null
                && Setting.All.Keys.Any(key => Colons(key).StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));
            if (!isKnown && !isEmptySection)
            {
                violations.Add(path.Replace(':', '.'), $"is not a setting ({source.NameOf(path)}); 'medgen config keys' lists them.");
            }
        }
    }

    /// <summary>Builds the options and tells where each value came from.</summary>
    public T Bind<T>(Func<MedGenHostOptions, IReadOnlyList<EffectiveSetting>, T> create)
    {
        MedGenHostOptions options = new() { DataFolder = "", PluginFolders = [] };
        Dictionary<PropertyInfo, List<(PropertyInfo Property, object? Value)>> sections = [];
        List<EffectiveSetting> effective = [];
        foreach (Setting setting in Setting.All.Values)
        {
            int wrong = violations.Found.Count;
            (object? value, string? source) = Read(setting);
            source = violations.Found.Count > wrong ? null : source;
            if (source is not null && setting.Section is null)
            {
                setting.Property.SetValue(options, value);
            }
            else if (source is not null)
            {
                if (!sections.TryGetValue(setting.Section!, out List<(PropertyInfo, object?)>? values))
                {
                    sections[setting.Section!] = values = [];
                }

                values.Add((setting.Property, value));
            }

            effective.Add(new EffectiveSetting
            {
                Key = setting.WrittenKey,
                Value = source is null ? Default(setting, options) : setting.IsSecret ? "(hidden)" : SettingText.Format(value),
                Source = source ?? "default",
                Allowed = setting.Allowed,
                IsReloadable = setting.IsReloadable,
            });
        }

        foreach ((PropertyInfo section, List<(PropertyInfo Property, object? Value)> values) in sections)
        {
            SetSection(options, section, values);
        }

        return create(options, effective);
    }

    private static void SetSection(MedGenHostOptions options, PropertyInfo section, List<(PropertyInfo Property, object? Value)> values)
    {
        if (section.GetValue(options) is { } inner and not Delegate)
        {
            Apply(inner, values);
            return;
        }

        Action<object> apply = target => Apply(target, values);
        section.SetValue(options, apply.Method.CreateDelegate(section.PropertyType, apply.Target));
    }

    private static void Apply(object target, List<(PropertyInfo Property, object? Value)> values)
    {
        foreach ((PropertyInfo property, object? value) in values)
        {
            if (property.CanWrite)
            {
                property.SetValue(target, value);
                continue;
            }

            IList<string> list = (IList<string>)property.GetValue(target)!;
            list.Clear();
            foreach (string item in (IEnumerable<string>)value!)
            {
                list.Add(item);
            }
        }
    }

    private static string Default(Setting setting, MedGenHostOptions options)
    {
        if (setting.IsSecret)
        {
            return "";
        }

        Type type = setting.Property.DeclaringType!;
        object holder = type == typeof(MedGenHostOptions) ? options : Activator.CreateInstance(type)!;
        return SettingText.Format(setting.Property.GetValue(holder));
    }

    private static bool IsNested(Setting setting) =>
        SettingText.IsList(setting.Property.PropertyType) || SettingText.IsMap(setting.Property.PropertyType);

    private static string Colons(string key) => key.Replace('.', ':');

    private (object? Value, string? Source) Read(Setting setting)
    {
        string path = Colons(setting.WrittenKey);
        foreach (SettingSource source in sources)
        {
            KeyValuePair<string, string?>[] inner = IsNested(setting)
                ? [.. source.Values.Where(pair => pair.Key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase))]
                : [];
            bool isSet = source.Values.TryGetValue(path, out string? text);
            if (!isSet && inner.Length == 0)
            {
                continue;
            }

            object? value = SettingText.IsMap(setting.Property.PropertyType) ? ReadMap(setting, path, inner)
                : SettingText.IsList(setting.Property.PropertyType) ? ReadList(text, inner)
                : ReadOne(setting, text);
            return (value, source.NameOf(path));
        }

        return (null, null);
    }

    private static string[] ReadList(string? text, KeyValuePair<string, string?>[] inner) => inner.Length > 0
        ? [.. inner.OrderBy(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value ?? "")]
        : (text ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    private Dictionary<string, LogLevel> ReadMap(Setting setting, string path, KeyValuePair<string, string?>[] inner)
    {
        Dictionary<string, LogLevel> map = [];
        foreach ((string name, string? text) in inner)
        {
            if (SettingText.TryParse(typeof(LogLevel), text ?? "", out object? level))
            {
                map[name[(path.Length + 1)..]] = (LogLevel)level!;
            }
            else
            {
                violations.Add(setting.Key, $"got '{text}' for {name[(path.Length + 1)..]}", Allowed(Setting.All["logging.level"]));
            }
        }

        return map;
    }

    private object? ReadOne(Setting setting, string? text)
    {
        if (setting.IsSecret && text is not null)
        {
            return ReadSecret(setting, text);
        }

        if (text is null or "" && setting.IsNullable)
        {
            return null;
        }

        if (text is not null && SettingText.TryParse(setting.Property.PropertyType, text, out object? value))
        {
            return value;
        }

        violations.Add(setting.Key, text is null ? (FormattableString)$"got null" : $"got '{text}'", Allowed(setting));
        return null;
    }

    private string? ReadSecret(Setting setting, string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            violations.Add(setting.WrittenKey, $"The file '{file}' cannot be read: {error.Message}");
            return null;
        }
    }

    private static FormattableString Allowed(Setting setting) => $"{setting.Allowed}";
}
