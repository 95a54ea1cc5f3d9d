using MedGen.Sdk.Errors;

namespace MedGen.Application.Auditing;

/// <summary>How a message ended, in one word for metrics and the audit log.</summary>
internal static class MessageOutcome
{
    /// <summary>It was served.</summary>
    public const string Ok = "ok";

    /// <summary>The caller left.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>Something that nobody foresaw.</summary>
    public const string Internal = "INTERNAL";

    public static string Of(Exception exception) => exception switch
    {
        MedGenException known => known.Reason,
        OperationCanceledException => Cancelled,
        _ => Internal,
    };
}
