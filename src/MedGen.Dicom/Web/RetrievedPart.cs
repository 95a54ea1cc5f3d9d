namespace MedGen.Dicom.Web;

/// <summary>Frames or a picture as an archive gives them.</summary>
/// <param name="MediaType">Its media type, for instance application/octet-stream or image/png.</param>
/// <param name="Bytes">The content.</param>
public sealed record RetrievedPart(string MediaType, ReadOnlyMemory<byte> Bytes);
