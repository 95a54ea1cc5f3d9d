namespace MedGen.Host.Configuration;

/// <summary>A setting that is read from a file whose name is configured (<c>KEY_file</c>), and is shown to nobody.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
