namespace MedGen.Model.Verification;

/// <summary>A folder with cases that cannot be read, under a name that says nothing.</summary>
internal sealed class UnreadableFixture(string reason) : IPartFixture
{
    public string Part => "unknown";

    public bool Recognises(FixtureFolder folder) => false;

    public void Run(FixtureFolder folder, VerificationReport report) => report.Fail(folder.Name, reason);
}
