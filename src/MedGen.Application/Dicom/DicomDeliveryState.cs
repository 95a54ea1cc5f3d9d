namespace MedGen.Application.Dicom;

/// <summary>How far a delivery has come.</summary>
public enum DicomDeliveryState
{
    /// <summary>It waits for its next try.</summary>
    Waiting,

    /// <summary>The archive lists it.</summary>
    Sent,

    /// <summary>The archive refuses it for good; it is not tried again.</summary>
    Refused,
}
