namespace MedGen.Evaluation.Studies;

/// <summary>What the study's own classifier sees of a clip.</summary>
public enum StudyFeatures
{
    /// <summary>Thumbnails and technical measures.</summary>
    Thumbnails,

    /// <summary>Features of a frozen backbone that was trained on ImageNet.</summary>
    Pretrained,
}
