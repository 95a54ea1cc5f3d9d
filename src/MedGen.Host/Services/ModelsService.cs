using Grpc.Core;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Application.Models;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class ModelsService(ISender sender) : Proto.Models.ModelsBase
{
    public override async Task<Proto.Model> GetModel(Proto.GetModelRequest request, ServerCallContext context)
    {
        (ModelDescription model, IReadOnlyList<string> adapters) =
            await sender.Send(new GetModel { Name = request.Name.NullIfEmpty() }, context.CancellationToken).ConfigureAwait(false);
        return new Proto.Model
        {
            Name = model.Name,
            Variant = model.Variant,
            Hash = model.Hash,
            Device = model.Device,
            DataType = model.DataType,
            Kernels = model.Kernels,
            Modes =
            {
                model.NeedsFirstFrame ? (Proto.GenerationMode[])[] : [Proto.GenerationMode.TextToVideo, Proto.GenerationMode.VideoToVideo],
                model.TakesFirstFrame ? [Proto.GenerationMode.FirstFrameToVideo] : (Proto.GenerationMode[])[],
            },
            Ranges = new Proto.GenerationRanges
            {
                WidthStep = model.Sizes.WidthStep,
                HeightStep = model.Sizes.HeightStep,
                MaxSide = GenerationLimits.MaxSide,
                FrameStep = model.Sizes.FrameStep,
                FrameOffset = model.Sizes.FrameOffset,
                MaxFrames = GenerationLimits.MaxFrames,
                MaxNumInferenceSteps = GenerationLimits.MaxSteps,
                MaxPromptLength = GenerationLimits.MaxPromptLength,
                MaxAdapters = GenerationLimits.MaxAdapters,
                MaxAdapterStrength = GenerationLimits.MaxAdapterStrength,
            },
            License = model.License,
            Adapters = { adapters },
            Parameters = model.Parameters,
            MaxTextTokens = model.MaxTextTokens,
            IsTrained = model.IsTrained,
            Defaults = new Proto.GenerationDefaults
            {
                Width = model.Defaults.Width,
                Height = model.Defaults.Height,
                NumFrames = model.Defaults.NumFrames,
                FramesPerSecond = model.Defaults.FramesPerSecond,
                NumInferenceSteps = model.Defaults.NumInferenceSteps,
                GuidanceScale = model.Defaults.GuidanceScale,
                Shift = model.Defaults.Shift,
                LowNoiseGuidanceScale = model.Defaults.LowNoiseGuidanceScale,
            },
        };
    }
}
