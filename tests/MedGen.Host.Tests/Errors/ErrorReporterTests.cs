using Google.Rpc;
using MedGen.Host.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace MedGen.Host.Tests.Errors;

public sealed class ErrorReporterTests
{
    private static readonly ErrorReporter Reporter = new(TimeProvider.System, NullLogger<ErrorReporter>.Instance);

    // The server has ended the call, and its token is cancelled a moment later: what fails meanwhile is no fault of the host.
    [Fact]
    public void Describe_AnErrorAfterTheDeadline_SaysThatTheDeadlinePassed() =>
        CodeOf(DateTimeOffset.UnixEpoch).ShouldBe(Code.DeadlineExceeded);

    [Fact]
    public void Describe_AnErrorBeforeTheDeadline_SaysThatTheHostFailed() =>
        CodeOf(DateTimeOffset.MaxValue).ShouldBe(Code.Internal);

    private static Code CodeOf(DateTimeOffset deadline) =>
        (Code)Reporter.Describe(new InvalidOperationException(), "/service/call", deadline, CancellationToken.None).Code;
}
