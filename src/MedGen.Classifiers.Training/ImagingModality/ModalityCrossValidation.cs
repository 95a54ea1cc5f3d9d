using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Fits a discriminant for each fold and asks it about the clips of that fold and about drawn pictures of kinds that none has seen.
/// </summary>
internal static class ModalityCrossValidation
{
    private const int DrawnPerKindAndFold = 10;

    /// <summary>The answers.</summary>
    /// <param name="labels">Learnt labels.</param>
    /// <param name="clips">All clips.</param>
    /// <param name="drawn">Drawn pictures that every fold trains on as "none of them".</param>
    /// <param name="mayTrain">Whether a clip may be trained on; the others are asked about only.</param>
    /// <param name="backbone">For the drawn pictures.</param>
    /// <param name="options">Folds and seed.</param>
    /// <param name="onFold">Told of each finished fold.</param>
    /// <param name="cancellationToken">Stops between folds.</param>
    public static List<HeldOutAnswer> Run(
        IReadOnlyList<string> labels, IReadOnlyList<ModalityFeatures> clips, IReadOnlyList<ModalityFeatures> drawn,
        Func<ModalityFeatures, bool> mayTrain, ResidualBackbone backbone, ModalityTrainingOptions options, Action<int> onFold,
        CancellationToken cancellationToken)
    {
        int[] folds = FoldPlan.Assign(clips, labels, options.Folds, options.Seed);
        List<HeldOutAnswer> answers = [];
        for (int fold = 0; fold < options.Folds; fold++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<ModalityFeatures> training = [.. clips.Where((clip, i) => folds[i] != fold && mayTrain(clip)), .. drawn];
            using LinearDiscriminant discriminant = DiscriminantFitting.Fit(labels, training);
            var sources = training.Select(c => (c.Label, c.Item.Source)).ToHashSet();
            foreach (ModalityFeatures clip in clips.Where((_, i) => folds[i] == fold))
            {
                int truth = labels.ToList().IndexOf(clip.Label);
                bool isNew = !sources.Contains((clip.Label, clip.Item.Source));
                answers.Add(new HeldOutAnswer(clip.Item, clip.Label, truth, clip.Score(discriminant), isNew));
            }

            Random random = new(options.Seed + fold);
            foreach (string kind in OutlierPictures.HeldOutKinds)
            {
                for (int i = 0; i < DrawnPerKindAndFold; i++)
                {
                    answers.Add(new HeldOutAnswer(null, kind, -1, Score(discriminant, backbone, OutlierPictures.Draw(kind, random)), true));
                }
            }

            onFold(fold + 1);
        }

        return answers;
    }

    private static ModalityScore Score(LinearDiscriminant discriminant, ResidualBackbone backbone, FramePicture picture)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return ModalityScores.Of(discriminant, backbone.Embed(ModalityViews.Of([picture])))[0];
    }
}
