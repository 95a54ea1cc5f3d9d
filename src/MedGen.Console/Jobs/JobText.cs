using System.Globalization;
using MedGen.Application.Jobs;

namespace MedGen.WebConsole.Jobs;

/// <summary>Jobs in words.</summary>
internal static class JobText
{
    public static string Of(JobKind kind) => kind switch
    {
        JobKind.Generation => "Generation",
        JobKind.Classification => "Analysis",
        JobKind.Curation => "Curation",
        _ => "Augmentation",
    };

    /// <summary>
    /// The form that such a job is asked for by, and the operation that it asks for; null: there is none. Tabs keep no requests of analyses.
    /// </summary>
    public static (string Address, string Operation)? AskAgain(Job job) => job.Kind switch
    {
        JobKind.Generation => ($"/generate?again={job.Id}", "GenerateVideo"),
        JobKind.Augmentation => ($"/augment?again={job.Id}", "AugmentDataset"),
        JobKind.Curation => null,
        _ => ("/analyze", "AnalyzeVideo"),
    };

    public static string Of(JobStage stage) => stage switch
    {
        JobStage.Preparing => "Getting ready",
        JobStage.EncodingPrompt => "Reading the prompt",
        JobStage.EncodingSource => "Reading the source",
        JobStage.Denoising => "Denoising, step",
        JobStage.Decoding => "Decoding, frame",
        JobStage.Analyzing => "Analysing, frame",
        JobStage.Augmenting => "Making clips",
        JobStage.WritingDataset => "Writing the data set",
        JobStage.Curating => "Curating films, thousandths",
        _ => "Training an adapter, step",
    };

    /// <summary>What a job is at, for instance <c>Denoising, step 4 of 20</c>.</summary>
    public static string Of(JobStage stage, int done, int total) => Of(stage) + (total > 0 ? $" {done} of {total}" : done > 0 ? $" {done}" : "");

    public static string Of(TimeSpan time) => time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds:0} s"
        : time < TimeSpan.FromHours(1) ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    public static string OfBytes(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} bytes",
        < 10_000_000 => $"{bytes / 1000.0:0} kB",
        < 10_000_000_000 => $"{bytes / 1e6:0} MB",
        _ => $"{bytes / 1e9:0} GB",
    };
}
