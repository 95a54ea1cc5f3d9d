using System.Text;
using MedGen.Application.Artifacts;
using MedGen.Application.Dicom;
using MediatR;

namespace MedGen.Host.Dicom;

/// <summary>Instances as they are stored, as a multipart body, or one alone.</summary>
internal sealed class DicomFilesResult(IReadOnlyList<DicomInstance> instances, ISender sender, bool isSingle)
    : StreamedResult
{
    protected override async Task WriteAsync(HttpContext http, CancellationToken stop)
    {
        HttpResponse response = http.Response;
        string boundary = Guid.NewGuid().ToString("N");
        response.ContentType = isSingle ? "application/dicom" : $"multipart/related; type=\"application/dicom\"; boundary={boundary}";
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (DicomInstance instance in instances)
        {
            ArtifactContent opened = await sender.Send(new OpenArtifact { ArtifactId = instance.ArtifactId }, stop).ConfigureAwait(false);
            await using (opened.ConfigureAwait(false))
            {
                if (!isSingle)
                {
                    string head = $"\r\n--{boundary}\r\nContent-Type: application/dicom; transfer-syntax={instance.TransferSyntax}\r\n\r\n";
                    await response.Body.WriteAsync(Encoding.ASCII.GetBytes(head), stop).ConfigureAwait(false);
                }

                await opened.Content.CopyToAsync(response.Body, stop).ConfigureAwait(false);
            }
        }

        if (!isSingle)
        {
            await response.Body.WriteAsync(Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"), stop).ConfigureAwait(false);
        }
    }
}
