using MedGen.Sdk.Errors;

namespace MedGen.Application.Curation;

/// <summary>Makes a captioned data set out of films.</summary>
public interface IVideoCurator
{
    /// <summary>Checks a specification, and what it names of this machine and of others, without looking at films.</summary>
    /// <param name="spec">The specification as JSON (docs/curation.md); empty: all defaults.</param>
    /// <exception cref="InvalidInputException">It is wrong, or names networks or services that the host does not allow; all are named.</exception>
    void Check(string spec);

    /// <summary>Curates, or goes on with what the same run has begun.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="progress">Told how far it is, from several threads.</param>
    /// <param name="cancellationToken">Stops; what is done is kept.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="InvalidInputException">Films, list, output folder or specification are wrong.</exception>
    /// <exception cref="ModelFormatException">A network cannot be read.</exception>
    /// <exception cref="UnavailableException">The caption service does not answer.</exception>
    Task<VideosCurated> CurateAsync(CurationOrder order, Action<CurationAdvance> progress, CancellationToken cancellationToken);
}
