namespace MedGen.Runtime.Health;

/// <summary>How busy the device is, and whether it still works: known at once, without asking the device.</summary>
public interface IDeviceActivity
{
    /// <summary>Time that finished work has taken since the start.</summary>
    TimeSpan Worked { get; }

    /// <summary>How long the running piece of work has run; null: the device is idle.</summary>
    TimeSpan? Busy { get; }

    /// <summary>Whether the device has failed, which only a new process cures.</summary>
    bool HasFailed { get; }
}
