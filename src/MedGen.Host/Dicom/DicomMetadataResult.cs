using System.Text.Json;
using MedGen.Application.Dicom;
using MedGen.Dicom.DataSets;
using MediatR;

namespace MedGen.Host.Dicom;

/// <summary>Everything of instances but their long values, in the DICOM JSON model; one instance at a time is in memory.</summary>
internal sealed class DicomMetadataResult(IReadOnlyList<DicomInstance> instances, ISender sender) : StreamedResult
{
    protected override async Task WriteAsync(HttpContext http, CancellationToken stop)
    {
        http.Response.ContentType = DicomJsonResult.MediaType;
        Utf8JsonWriter writer = new(http.Response.Body);
        await using (writer.ConfigureAwait(false))
        {
            try
            {
                writer.WriteStartArray();
                foreach (DicomInstance instance in instances)
                {
                    using DicomFile file = await sender.Send(new OpenDicom { ArtifactId = instance.ArtifactId }, stop).ConfigureAwait(false);
                    file.DataSet.SetText(new DicomTag(0x0008_3002), file.TransferSyntax.Uid);
                    DicomJson.Write(writer, file.DataSet);
                    await writer.FlushAsync(stop).ConfigureAwait(false);
                }

                writer.WriteEndArray();
            }
            catch
            {
                writer.Reset(); // nothing of it is sent when it is disposed
                throw;
            }
        }
    }
}
