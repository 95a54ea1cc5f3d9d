namespace MedGen.Evaluation.Studies;

/// <summary>What the model of a study answers.</summary>
public enum StudyOutcome
{
    /// <summary>The class of a clip.</summary>
    Class,

    /// <summary>The number of a clip, as an ejection fraction in percent.</summary>
    Number,
}
