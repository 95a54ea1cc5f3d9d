namespace MedGen.Sdk.Errors;

/// <summary>What kind of error it is: the codes of gRPC (google/rpc/code.proto), with their numbers.</summary>
public enum ErrorCode
{
    /// <summary>The caller cancelled it.</summary>
    Cancelled = 1,

    /// <summary>Not known; stored before errors kept their code.</summary>
    Unknown = 2,

    /// <summary>The request is wrong; sent again unchanged it fails again.</summary>
    InvalidArgument = 3,

    /// <summary>The time that the caller gave is over.</summary>
    DeadlineExceeded = 4,

    /// <summary>Something that was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>The caller is known, but may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in a state to serve the request.</summary>
    FailedPrecondition = 9,

    /// <summary>A fault of the platform or of a plugin.</summary>
    Internal = 13,

    /// <summary>The service is not there now; the same request may succeed later.</summary>
    Unavailable = 14,

    /// <summary>Stored data is damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
