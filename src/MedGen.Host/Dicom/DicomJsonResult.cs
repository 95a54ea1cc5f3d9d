using System.Text.Json;
using MedGen.Dicom.DataSets;

namespace MedGen.Host.Dicom;

/// <summary>Answers in the DICOM JSON model.</summary>
internal sealed class DicomJsonResult(Action<Utf8JsonWriter> write, int status) : IResult
{
    public const string MediaType = "application/dicom+json";

    public DicomJsonResult(IReadOnlyList<DicomDataSet> sets)
        : this(writer => Write(writer, sets), StatusCodes.Status200OK)
    {
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            write(writer);
        }

        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = MediaType;
        httpContext.Response.ContentLength = bytes.Length;
        await httpContext.Response.Body.WriteAsync(bytes.ToArray(), httpContext.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<DicomDataSet> sets)
    {
        writer.WriteStartArray();
        foreach (DicomDataSet set in sets)
        {
            DicomJson.Write(writer, set);
        }

        writer.WriteEndArray();
    }
}
