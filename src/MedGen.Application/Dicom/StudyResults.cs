using System.Runtime.CompilerServices;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Dicom;

/// <summary>
/// Makes DICOM objects of an analysis and stores them as artifacts of the study's owner. The UIDs follow from study, rule, instance and form: an
/// object that is made twice is the same one, and an archive takes it once.
/// </summary>
internal sealed class StudyResults(
    IArtifactStore artifacts, IDicomStore store, IJobStore jobs, DicomIndexer indexer, IVideoReader reader, IVideoWriter writer, TimeProvider time)
{
    private const int EventsAtOnce = 1000;

    private static readonly byte[] Key = "medgen.dicom.results"u8.ToArray();

    /// <summary>Makes the results of a task; those that are there already stay.</summary>
    /// <exception cref="MedGenException">One cannot be made.</exception>
    public async Task<IReadOnlyList<DicomInstance>> MakeAsync(DicomStudy study, DicomTask task, Job job, CancellationToken cancellationToken)
    {
        List<DicomInstance> sources = [];
        foreach (string id in task.Artifacts)
        {
            sources.Add(await store.FindInstanceAsync(new DicomFilter { ArtifactId = id }, cancellationToken).ConfigureAwait(false)
                ?? throw new ResourceNotFoundException("artifact", id));
        }

        IVideoClip clip = await reader.OpenArtifactsAsync(artifacts, task.Artifacts, cancellationToken).ConfigureAwait(false);
        FindingSummary summary = FindingSummary.Of(await EventsAsync(job, cancellationToken).ConfigureAwait(false), clip.Info.Duration);
        string subject = string.Join('+', sources.Select(source => source.Identity!.SopInstance).Order(StringComparer.Ordinal));
        List<DicomInstance> made = [];
        foreach (DicomResultKind kind in task.Results)
        {
            string uid = DicomUid.Mapped($"{study.Id}/{task.Rule}/{subject}/{kind}", Key);
            DicomFilter known = new() { Owner = study.Owner, Tenant = study.Tenant, Study = study.Study, Instance = uid };
            made.Add(await store.FindInstanceAsync(known, cancellationToken).ConfigureAwait(false)
                ?? await MakeAsync(study, task, job, sources, clip, summary, kind, uid, cancellationToken).ConfigureAwait(false));
        }

        return made;
    }

    private async Task<DicomInstance> MakeAsync(
        DicomStudy study, DicomTask task, Job job, List<DicomInstance> sources, IVideoClip clip, FindingSummary summary, DicomResultKind kind,
        string uid, CancellationToken cancellationToken)
    {
        DicomDataSet attributes = InstanceHeader.Parse(sources[0].Attributes);
        string description = $"{task.Task}: {summary.InWords}";
        ResultObject about = new()
        {
            Created = time.GetUtcNow(),
            StudyInstanceUid = study.Study,
            SeriesInstanceUid = DicomUid.Mapped($"{uid}/series", Key),
            SopInstanceUid = uid,
            Study = attributes,
            Modality = attributes.Text(new(0x0008_0060)) is { Length: > 0 } modality ? modality : "OT",
            SeriesDescription = description.Length <= 64 ? description : description[..64],
        };
        string path = artifacts.NewWorkFile(".dcm");
        try
        {
            await WriteAsync(path, kind, clip, summary, sources, about, cancellationToken).ConfigureAwait(false);
            NewArtifact file = new()
            {
                FileName = $"{uid}.dcm", MediaType = DicomIndexer.MediaType, Owner = study.Owner, Tenant = study.Tenant, JobId = job.Id,
            };
            Artifact stored = await artifacts.AdoptAsync(file, path, cancellationToken).ConfigureAwait(false);
            await indexer.NoteAsync(stored, sender: null, cancellationToken).ConfigureAwait(false);
            return (await store.FindInstancesAsync(new DicomFilter { ArtifactId = stored.Id }, cancellationToken).ConfigureAwait(false)).Single();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task WriteAsync(
        string path, DicomResultKind kind, IVideoClip clip, FindingSummary summary, IReadOnlyList<DicomInstance> sources, ResultObject about,
        CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case DicomResultKind.Report:
                MeasurementReport.Write(
                    path, summary.Modality, summary.Spans, summary.Measurements, [.. sources.Select(source => source.Identity!)], about,
                    cancellationToken, summary.Labels);
                break;
            case DicomResultKind.Capture:
                await SecondaryCapture.WriteAsync(
                    path, MiddleAsync(clip, cancellationToken), framesPerSecond: null, isGrey: false, about, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await WriteFilmAsync(path, clip, about, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task WriteFilmAsync(string path, IVideoClip clip, ResultObject about, CancellationToken cancellationToken)
    {
        double rate = clip.Info.FrameRate is { } known && !clip.Info.IsVariableFrameRate ? known
            : throw new FailedPreconditionException(
                "NO_FILM", "A still, or a clip of a variable frame rate, cannot be given back as a film; ask for a capture.");
        string film = artifacts.NewWorkFile(".mp4");
        try
        {
            VideoEncoding encoding = new() { FramesPerSecond = rate, ProvenanceId = $"{SyntheticNote.AlteredPrefix}dicom-result" };
            long frames = await writer.WriteAsync(film, clip.ReadFramesAsync(FrameSampling.All, cancellationToken), encoding, cancellationToken)
                .ConfigureAwait(false);
            FilmObject.Write(path, film, clip.Info.Width, clip.Info.Height, frames, rate, FilmKind.Photographic, about, cancellationToken);
        }
        finally
        {
            File.Delete(film);
        }
    }

    private static async IAsyncEnumerable<VideoFrame> MiddleAsync(IVideoClip clip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await clip.ReadFrameAsync(index: null, cancellationToken).ConfigureAwait(false) is { } frame)
        {
            yield return frame;
        }
    }

    private async Task<IReadOnlyList<JobEvent>> EventsAsync(Job job, CancellationToken cancellationToken)
    {
        List<JobEvent> all = [];
        IReadOnlyList<JobEvent> page;
        do
        {
            page = await jobs.ReadEventsAsync(job.Id, all is [.., var last] ? last.Number : 0, EventsAtOnce, cancellationToken).ConfigureAwait(false);
            all.AddRange(page);
        }
        while (page.Count == EventsAtOnce);
        return all;
    }
}
