using System.Globalization;
using System.Text.Json.Nodes;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;

namespace MedGen.Host.OpenAi;

/// <summary>A generation job as OpenAI's clients read a video, and beside their fields what the clip is.</summary>
internal static class VideoAnswer
{
    // Most of the time is spent on denoising.
    private const int AfterDenoising = 90;
    private const int NearlyDone = 99;

    /// <summary>Describes a job. The prompt is never given back.</summary>
    /// <param name="job">The job.</param>
    /// <param name="asked">What it was asked for.</param>
    /// <param name="retention">How long its clip is kept; 0: until somebody deletes it.</param>
    public static JsonObject Of(Job job, GenerationSummary asked, TimeSpan retention) => new()
    {
        ["id"] = job.Id,
        ["object"] = "video",
        ["created_at"] = job.CreatedAt.ToUnixTimeSeconds(),
        ["completed_at"] = job.EndedAt?.ToUnixTimeSeconds(),
        ["expires_at"] = retention > TimeSpan.Zero ? (job.EndedAt + retention)?.ToUnixTimeSeconds() : null,
        ["status"] = job.State switch
        {
            JobState.Queued => "queued",
            JobState.Running => "in_progress",
            JobState.Succeeded => "completed",
            _ => "failed",
        },
        ["progress"] = ProgressOf(job),
        ["model"] = asked.Model ?? "",
        ["size"] = string.Create(CultureInfo.InvariantCulture, $"{asked.Width}x{asked.Height}"),
        ["seconds"] = (asked.NumFrames / asked.FramesPerSecond).ToString("0.###", CultureInfo.InvariantCulture),
        ["prompt"] = null,
        ["remixed_from_video_id"] = null,
        ["error"] = ErrorOf(job),
        ["num_frames"] = asked.NumFrames,
        ["frames_per_second"] = asked.FramesPerSecond,
        ["seed"] = asked.Seed.ToString(CultureInfo.InvariantCulture), // JavaScript has no whole numbers above 2^53
        ["artifact_id"] = job.Results.Count > 0 ? job.Results[0] : null,
    };

    private static int ProgressOf(Job job) => (job.State, job.Stage) switch
    {
        (JobState.Succeeded, _) => 100,
        (_, JobStage.Denoising) => Between(0, AfterDenoising, job),
        (_, JobStage.Decoding) => Between(AfterDenoising, NearlyDone, job),
        _ => 0,
    };

    private static int Between(int from, int to, Job job) => from + ((to - from) * job.StepsDone / Math.Max(1, job.StepsTotal));

    private static JsonObject? ErrorOf(Job job) => job.State switch
    {
        JobState.Failed => new JsonObject { ["code"] = job.Error?.Reason.ToLowerInvariant(), ["message"] = job.Error?.Message },
        JobState.Cancelled => new JsonObject { ["code"] = "cancelled", ["message"] = "The job was cancelled." },
        _ => null,
    };
}
