using System.CommandLine;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen</c> with everything that it can do.</summary>
internal static class MedGenRootCommand
{
    private const string Description =
        "MedGen Platform: generation, augmentation and analysis of medical video. For research and augmentation, not for diagnosis.";

    public static RootCommand Create() => new(Description)
    {
        DemoCommand.Create(),
        ServeCommand.Create(),
        ConfigCommand.Create(),
        GenerateCommand.Create(),
        CurateCommand.Create(),
        AugmentCommand.Create(),
        StudyCommand.Create(),
        AnalyzeCommand.Create(),
        ClassifyCommand.Create(),
        DicomCommand.Create(),
        ClusterCommand.Create(),
        JobsCommand.Create(),
        ArtifactsCommand.Create(),
        SharesCommand.Create(),
        ProvenanceCommand.Create(),
        AuditCommand.Create(),
        StoreCommand.Create(),
        PluginsCommand.Create(),
        PluginWorkerCommand.Create(),
        ModelCommand.Create(),
        PhantomCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        RateCommand.Create(),
        ExperimentCommand.Create(),
        DoctorCommand.Create(),
    };
}
