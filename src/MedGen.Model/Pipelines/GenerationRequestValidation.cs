using System.Globalization;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Generation;

namespace MedGen.Model.Pipelines;

/// <summary>Holds a request to the ranges that <see cref="VideoGenerationRequest"/> documents.</summary>
public static class GenerationRequestValidation
{
    private const int MaxSide = 1280;
    private const int MaxFrames = 257;

    /// <summary>Finds everything that is wrong with a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="grid">The sizes that the model can make.</param>
    /// <returns>One violation for each bad field, named in snake_case; empty when the request is good.</returns>
    public static IReadOnlyList<FieldViolation> Violations(VideoGenerationRequest request, ClipGrid grid)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(grid);
        List<FieldViolation> violations = [];
        Require(!string.IsNullOrWhiteSpace(request.Prompt), "prompt", "is empty; allowed are 1 to 4000 characters.");
        Require((request.Prompt?.Length ?? 0) <= 4000, "prompt", $"has {request.Prompt?.Length} characters; allowed are 1 to 4000.");
        Require((request.NegativePrompt?.Length ?? 0) <= 4000, "negative_prompt", $"has {request.NegativePrompt?.Length} characters; allowed are up to 4000.");
        violations.AddRange(grid.Violations(request.Width, request.Height, request.NumFrames, MaxSide, MaxFrames));
        Require(request.FramesPerSecond is >= 1 and <= 60, "frames_per_second", $"got {Text(request.FramesPerSecond)}; allowed is 1 to 60.");
        Require(request.NumInferenceSteps is >= 1 and <= 200, "num_inference_steps", $"got {request.NumInferenceSteps}; allowed is 1 to 200.");
        Require(request.GuidanceScale is >= 0 and <= 30, "guidance_scale", $"got {Text(request.GuidanceScale)}; allowed is 0 to 30.");
        Require(request.Shift is > 0 and <= 30, "shift", $"got {Text(request.Shift)}; allowed is above 0, at most 30.");
        Require(Enum.IsDefined(request.Scheduler), "scheduler", $"got {(int)request.Scheduler}; allowed are {string.Join(", ", Enum.GetNames<GenerationScheduler>())}.");
        Require(request.Seed >= 0, "seed", $"got {request.Seed}; allowed is 0 to {long.MaxValue}.");
        Require(request.Strength is > 0 and <= 1, "strength", $"got {Text(request.Strength)}; allowed is above 0, at most 1.");
        Require(request.PreviewInterval >= 0, "preview_interval", $"got {request.PreviewInterval}; allowed is 0 or more.");
        Require(request.AdapterScale is >= 0 and <= 2, "adapter_scale", $"got {Text(request.AdapterScale)}; allowed is 0 to 2.");
        Require(
            request.Service.CheckpointInterval is >= 0 and <= 200,
            "service.checkpoint_interval",
            $"got {request.Service.CheckpointInterval}; allowed is 0 to 200.");

        if (request.Acceleration is { } acceleration)
        {
            Require(acceleration.TeaCacheThreshold is null or (> 0 and <= 1), "acceleration.tea_cache_threshold", $"got {acceleration.TeaCacheThreshold}; allowed is above 0, at most 1.");
            Require(acceleration.EasyCacheThreshold is null or (> 0 and <= 1), "acceleration.easy_cache_threshold", $"got {acceleration.EasyCacheThreshold}; allowed is above 0, at most 1.");
            Require(
                acceleration.TeaCacheThreshold is null || acceleration.EasyCacheThreshold is null,
                "acceleration.easy_cache_threshold",
                "stands beside tea_cache_threshold; allowed is one of the two.");
            Require(acceleration.GuidedShare is > 0 and <= 1, "acceleration.guided_share", $"got {Text(acceleration.GuidedShare)}; allowed is above 0, at most 1.");
        }

        if (request.SourceFrames is { } frames)
        {
            Require(frames.Count == request.NumFrames, "source_frames", $"has {frames.Count} frames; needed are num_frames = {request.NumFrames}.");
            VideoFrame? odd = frames.FirstOrDefault(frame => frame.Width != request.Width || frame.Height != request.Height);
            Require(odd is null, "source_frames", $"holds a frame of {odd?.Width}x{odd?.Height} px; needed is {request.Width}x{request.Height}.");
        }

        return violations;

        void Require(bool isGood, string field, string description)
        {
            if (!isGood)
            {
                violations.Add(new FieldViolation(field, description));
            }
        }
    }

    /// <summary>Throws when anything is wrong with a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="grid">The sizes that the model can make.</param>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    public static void ThrowIfInvalid(VideoGenerationRequest request, ClipGrid grid)
    {
        IReadOnlyList<FieldViolation> violations = Violations(request, grid);
        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
