namespace MedGen.Host.Configuration;

/// <summary>The key of a setting, where it is not the name of its property in snake_case.</summary>
/// <param name="key">The key, with a dot before each inner name.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string key) : Attribute
{
    public string Key => key;
}
