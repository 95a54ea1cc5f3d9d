using System.Text.Json.Serialization;

namespace MedGen.Application.Jobs;

/// <summary>Which part of its work a running job does.</summary>
public enum JobStage
{
    /// <summary>Gets ready: opens its input, waits for the device.</summary>
    Preparing,

    /// <summary>The text encoder runs over the prompts.</summary>
    EncodingPrompt,

    /// <summary>The autoencoder encodes the source clip or the first frame, where there is one.</summary>
    EncodingSource,

    /// <summary>The transformer runs; units are denoising steps.</summary>
    Denoising,

    /// <summary>The autoencoder decodes and the clip is written; units are frames.</summary>
    Decoding,

    /// <summary>An analyzer runs; units are analysed frames, whose total may not be known (0).</summary>
    [JsonStringEnumMemberName("Classifying")] // as it was stored before there were analyzers
    Analyzing,

    /// <summary>New clips of a data set are made and judged; units are clips that are kept.</summary>
    Augmenting,

    /// <summary>The enlarged data set is completed; units are real clips that are copied.</summary>
    WritingDataset,

    /// <summary>An adapter is trained on the training clips of a data set; units are optimiser steps.</summary>
    TrainingAdapter,

    /// <summary>Films are looked at, cut and judged; units are thousandths of their length in all.</summary>
    Curating,
}
