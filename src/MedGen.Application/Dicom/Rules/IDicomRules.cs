namespace MedGen.Application.Dicom.Rules;

/// <summary>Gives the rules in force, which may change while the host runs.</summary>
public interface IDicomRules
{
    /// <summary>The rules in force now; null: there are none.</summary>
    DicomRules? Current { get; }
}

/// <summary>A host without a rules file.</summary>
internal sealed class NoDicomRules : IDicomRules
{
    public DicomRules? Current => null;
}
