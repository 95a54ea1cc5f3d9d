namespace MedGen.Evaluation.Studies.Classifiers;

/// <summary>What a study trains on every arm.</summary>
internal interface IStudyClassifier
{
    /// <summary>How the report names it.</summary>
    string Name { get; }

    /// <summary>The penalty that was chosen for the baseline; null: it has none.</summary>
    double? Penalty { get; }

    /// <summary>Trainings at a time.</summary>
    int Parallelism { get; }

    /// <summary>Trains anew and answers.</summary>
    /// <param name="train">One or more examples; one that was drawn twice is there twice.</param>
    /// <param name="asked">Examples whose class it must not look at.</param>
    /// <param name="seed">Seed of this training.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Probabilities of the study's classes, in its order, for each example that was asked.</returns>
    Task<double[][]> AnswerAsync(
        IReadOnlyList<StudyExample> train, IReadOnlyList<StudyExample> asked, int seed, CancellationToken cancellationToken);
}
