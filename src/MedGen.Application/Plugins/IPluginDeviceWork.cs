namespace MedGen.Application.Plugins;

/// <summary>Whose work holds the device.</summary>
public interface IPluginDeviceWork
{
    /// <summary>Plugin and version whose own work is on the device now; null: the model's, or nobody's.</summary>
    string? Running { get; }
}
