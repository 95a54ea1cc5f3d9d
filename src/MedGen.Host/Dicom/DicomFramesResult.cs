using System.Globalization;
using System.Text;
using MedGen.Application.Dicom;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Dicom.Web;
using MediatR;

namespace MedGen.Host.Dicom;

/// <summary>Frames of an instance as a multipart body: as they are stored, or uncompressed.</summary>
internal sealed class DicomFramesResult(
    DicomInstance instance, IReadOnlyList<int> frames, bool asStored, ISender sender, DicomDecoding decoding)
    : StreamedResult
{
    protected override async Task WriteAsync(HttpContext http, CancellationToken stop)
    {
        HttpResponse response = http.Response;
        string boundary = Guid.NewGuid().ToString("N");
        using DicomFile file = await sender.Send(new OpenDicom { ArtifactId = instance.ArtifactId }, stop).ConfigureAwait(false);
        foreach (int number in frames)
        {
            RetrievedPart frame = await StoredFrame.ReadAsync(file, number - 1, asStored, decoding, stop).ConfigureAwait(false);
            if (!response.HasStarted)
            {
                response.ContentType = $"multipart/related; type=\"{frame.MediaType.Split(';')[0]}\"; boundary={boundary}";
            }

            string head = string.Create(
                CultureInfo.InvariantCulture,
                $"\r\n--{boundary}\r\nContent-Type: {frame.MediaType}\r\nContent-Length: {frame.Bytes.Length}\r\n\r\n");
            await response.Body.WriteAsync(Encoding.ASCII.GetBytes(head), stop).ConfigureAwait(false);
            await response.Body.WriteAsync(frame.Bytes, stop).ConfigureAwait(false);
        }

        await response.Body.WriteAsync(Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"), stop).ConfigureAwait(false);
    }
}
