using MedGen.Cli.Doctor;
using MedGen.Sandbox;

namespace MedGen.Cli.Tests.Doctor;

public class ToolChecksTests
{
    private static readonly SandboxReport Caged = new() { Kind = SandboxKind.Bubblewrap, Message = "caged" };

    [Fact]
    public void Workers_WhereProcCanBeMounted_AreConfined() => ToolChecks.Workers(Caged).Status.ShouldBe(CheckStatus.Ok);

    [Fact]
    public void Workers_WhereProcCannotBeMounted_AreWarnedOf()
    {
        CheckResult found = ToolChecks.Workers(Caged with { ReasonWithProc = "Can't mount proc" });

        found.Status.ShouldBe(CheckStatus.Warning);
        found.Message.ShouldEndWith("(Can't mount proc)");
        found.Cure.ShouldNotBeNull().ShouldContain("/proc");
    }

    [Fact]
    public void Workers_WithoutBubblewrap_AreWarnedOf()
    {
        CheckResult found = ToolChecks.Workers(new SandboxReport { Kind = SandboxKind.ResourceLimits, Message = "limits", Reason = "it is not installed." });

        found.Message.ShouldEndWith("(it is not installed.)");
        found.Cure.ShouldNotBeNull().ShouldStartWith("install bubblewrap");
    }
}
