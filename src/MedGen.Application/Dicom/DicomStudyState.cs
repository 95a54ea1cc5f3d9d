namespace MedGen.Application.Dicom;

/// <summary>How far a study has come.</summary>
public enum DicomStudyState
{
    /// <summary>Instances come; it is complete after the quiet time.</summary>
    Receiving,

    /// <summary>Jobs wait or run.</summary>
    Analyzing,

    /// <summary>Results wait for an archive.</summary>
    Sending,

    /// <summary>All is done, or no rule asks for anything.</summary>
    Done,

    /// <summary>It has ended, and a task failed or an archive refused a result.</summary>
    Failed,
}
