using MedGen.Application.Dicom.Rules;
using MedGen.Host.Access;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.Host.Dicom;

/// <summary>The rules file, as it is now. What cannot be used is said in the log, and what was read before stays in force.</summary>
internal sealed class DicomRulesFile : IDicomRules
{
    private readonly WatchedFile<DicomRules> _file;

    /// <exception cref="MedGen.Sdk.Errors.FailedPreconditionException">The file cannot be used; the message says why.</exception>
    public DicomRulesFile(MedGenHostOptions options, ILogger<DicomRulesFile> logger)
    {
        string path = options.DicomRulesFile!;
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _file = new WatchedFile<DicomRules>(path, "DICOM_RULES", content => DicomRules.Parse(content, folder), logger);
    }

    public DicomRules? Current => _file.Current;

    /// <summary>Reads the file that the options name, to see whether it can be used.</summary>
    /// <exception cref="MedGen.Sdk.Errors.FailedPreconditionException">It cannot; the message says why.</exception>
    public static void Check(MedGenHostOptions options)
    {
        if (options.DicomRulesFile is not null)
        {
            _ = new DicomRulesFile(options, NullLogger<DicomRulesFile>.Instance);
        }
    }
}
