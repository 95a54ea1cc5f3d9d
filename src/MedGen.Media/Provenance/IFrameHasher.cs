using MedGen.Sdk.Errors;

namespace MedGen.Media.Provenance;

/// <summary>Says by a hash which frames a film shows, whatever container and metadata it has.</summary>
public interface IFrameHasher
{
    /// <summary>Decodes a film whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the decoder.</param>
    /// <returns>SHA-256 of all decoded frames in their own pixel format, one after the other: 64 lower-case hex digits.</returns>
    /// <exception cref="MediaException">It is no film, or it is damaged.</exception>
    Task<string> HashAsync(string path, CancellationToken cancellationToken);
}
