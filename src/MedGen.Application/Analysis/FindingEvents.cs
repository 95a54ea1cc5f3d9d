using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Sdk.Analysis;

namespace MedGen.Application.Analysis;

/// <summary>
/// Turns final findings into events of a job: several in one event, so that a detector over a long film does not write an event a frame, and none a
/// second time after a restart. Files among them are stored as artifacts.
/// </summary>
internal sealed class FindingEvents(
    JobReporter reporter, AnalyzerIdentity analyzer, ToldBefore told, IArtifactStore artifacts, Job job, TimeProvider time, TimeSpan interval)
{
    private const int MostInAnEvent = 1000;

    private readonly List<Finding> _waiting = [];
    private long _lastEvent = time.GetTimestamp();

    public async Task AddAsync(IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (Finding finding in findings.Where(finding => !told.Contains(finding)))
        {
            _waiting.Add(finding is ArtifactFinding file ? await StoreAsync(file, cancellationToken).ConfigureAwait(false) : finding);
            if (_waiting.Count == MostInAnEvent)
            {
                await WriteAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        if (time.GetElapsedTime(_lastEvent) >= interval)
        {
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task CompleteAsync(AnalysisCompleted completed, CancellationToken cancellationToken)
    {
        await WriteAsync(cancellationToken).ConfigureAwait(false);
        if (!told.IsCompleted)
        {
            await reporter.ReportAsync(new AnalysisFinished { FramesAnalyzed = completed.FramesAnalyzed, Analyzer = analyzer }, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count > 0)
        {
            await reporter.ReportAsync(new FindingsReported { Findings = [.. _waiting], Analyzer = analyzer }, cancellationToken)
                .ConfigureAwait(false);
            _waiting.Clear();
        }

        _lastEvent = time.GetTimestamp();
    }

    private async Task<ArtifactFinding> StoreAsync(ArtifactFinding file, CancellationToken cancellationToken)
    {
        NewArtifact made = new()
        {
            FileName = file.FileName,
            MediaType = file.MediaType,
            Owner = job.Owner,
            Tenant = job.Tenant,
            JobId = job.Id,
            Size = file.Content.Length,
        };
        Artifact stored = await artifacts.AddAsync(made, AsyncEnumerable.Repeat(file.Content, 1), cancellationToken).ConfigureAwait(false);
        return file with { Content = default, ArtifactId = stored.Id };
    }
}
