namespace MedGen.Model.Verification;

/// <summary>How the fixtures of one part look and run.</summary>
internal interface IPartFixture
{
    /// <summary>Name of the part, and of its folder.</summary>
    string Part { get; }

    /// <summary>Whether a folder holds such fixtures, by what is in it, whatever its name.</summary>
    bool Recognises(FixtureFolder folder);

    /// <summary>Runs everything found.</summary>
    void Run(FixtureFolder folder, VerificationReport report);
}
