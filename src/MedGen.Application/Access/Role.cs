namespace MedGen.Application.Access;

/// <summary>What a caller may do. Each role includes the ones before it.</summary>
public enum Role
{
    /// <summary>Looks: lists and reads jobs, events, artifacts, plugins and the model.</summary>
    Reader,

    /// <summary>Works: also uploads, classifies, generates, and cancels or deletes what is their own.</summary>
    Operator,

    /// <summary>Runs the platform: also reloads and disables plugins, and cancels or deletes what belongs to others.</summary>
    Administrator,
}
