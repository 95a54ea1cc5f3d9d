namespace MedGen.Application.Access;

/// <summary>
/// What a caller is here for. A caller may have several roles; none includes another, and <see cref="AccessPolicy"/> says what each may do.
/// </summary>
public enum Role
{
    /// <summary>Looks: jobs, events, artifacts, plugins and the model.</summary>
    Viewer,

    /// <summary>Also uploads, generates, augments data sets and classifies stored clips.</summary>
    Researcher,

    /// <summary>Also uploads and classifies, stored clips as well as live ones; generates nothing.</summary>
    Clinician,

    /// <summary>Works in every way: what researchers and clinicians may do.</summary>
    Operator,

    /// <summary>Runs the platform: also manages plugins, and acts on what belongs to others.</summary>
    Administrator,

    /// <summary>Reads and verifies the audit log, and nothing else.</summary>
    Auditor,
}
