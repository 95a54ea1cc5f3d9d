using MedGen.Curation.Videos;

namespace MedGen.Curation.Running;

/// <summary>Adds up what is done of all films. Safe for calls from several threads.</summary>
internal sealed class ProgressMeter(Action<CurationProgress> report, TimeProvider time)
{
    // By far most of the time goes into decoding and looking once.
    private const double ScanShare = 0.6;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Scan, double Stages)> _done = [];
    private readonly long _start = time.GetTimestamp();
    private double _total = 1;
    private double? _first;

    /// <summary>Says which films there are.</summary>
    public void Begin(IEnumerable<SourceVideo> videos)
    {
        lock (_gate)
        {
            _total = Math.Max(1e-6, videos.Sum(video => video.Seconds));
        }
    }

    /// <summary>Tells of a film's scan.</summary>
    public void Scanned(SourceVideo video, double seconds) => Set("scan", video, done => done with { Scan = Math.Min(seconds, video.Seconds) });

    /// <summary>Tells how far the clips of a film are.</summary>
    public void Staged(string stage, SourceVideo video, double seconds) =>
        Set(stage, video, done => (Scan: video.Seconds, Stages: Math.Min(seconds, video.Seconds)));

    private void Set(string stage, SourceVideo video, Func<(double Scan, double Stages), (double Scan, double Stages)> change)
    {
        lock (_gate)
        {
            _done[video.Sha256] = change(_done.GetValueOrDefault(video.Sha256));
            double share = _done.Values.Sum(done => (done.Scan * ScanShare) + (done.Stages * (1 - ScanShare))) / _total;

            // What an earlier run did has taken no time of this one.
            _first ??= share;
            double gained = share - _first.Value;
            TimeSpan? remaining = gained > 1e-3 ? time.GetElapsedTime(_start) * ((1 - share) / gained) : null;
            report(new CurationProgress(stage, Path.GetFileName(video.FileName), Math.Clamp(share, 0, 1), remaining));
        }
    }
}
