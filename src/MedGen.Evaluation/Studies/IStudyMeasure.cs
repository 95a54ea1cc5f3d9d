namespace MedGen.Evaluation.Studies;

/// <summary>How answers to the test clips are measured.</summary>
internal interface IStudyMeasure
{
    /// <summary>What each test clip is drawn within, so that a sample of patients keeps its make-up.</summary>
    IReadOnlyList<int> Strata { get; }

    /// <summary>The primary measure of one training on some of the clips.</summary>
    /// <param name="answers">Its answers by test clip.</param>
    /// <param name="clips">Indices of test clips; one may be there several times.</param>
    double Primary(double[][] answers, IReadOnlyList<int> clips);

    /// <summary>What each patient adds to the difference of two arms' primary measures, means over the trainings.</summary>
    double[] DifferencesByPatient(double[][][] arm, double[][][] baseline);

    /// <summary>Whether a training gives one answer to all test clips.</summary>
    bool IsConstant(double[][] answers);

    /// <summary>Adds the figures beside the primary one.</summary>
    /// <param name="result">The arm.</param>
    /// <param name="answers">Answers by training and test clip.</param>
    /// <param name="bootstrap">Samples for intervals.</param>
    ArmResult Describe(ArmResult result, double[][][] answers, PatientBootstrap bootstrap);
}
