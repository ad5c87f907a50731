using Ser.Runners.BuildDatastore;

namespace Ser.Runners.Predict;

/// <summary>The prediction for one recording, or the reason why it could not be used.</summary>
/// <param name="File">Path of the recording as the caller gave it.</param>
/// <param name="Utterance">Name of the corpus utterance with the same bytes; null where there is none.</param>
/// <param name="Answer">Probabilities of one fold, or their mean over several; null where the recording could not be used.</param>
/// <param name="Folds">The predictions of each fold.</param>
/// <param name="Problem">Why the recording could not be used; null where it could.</param>
public sealed record Prediction(
    string File, string? Utterance, InferenceProbabilities? Answer, IReadOnlyList<FoldPrediction> Folds, RecordingProblem? Problem);

/// <summary>Class probabilities of the three inferences.</summary>
/// <param name="Model">[classes], p_model of eq. 4.</param>
/// <param name="Neighbours">[classes], p_knn of eq. 4.</param>
/// <param name="Both">[classes], p of eq. 4; the predicted class is the one with the largest probability.</param>
public sealed record InferenceProbabilities(double[] Model, double[] Neighbours, double[] Both)
{
    /// <summary>The mean over folds of each probability.</summary>
    public static InferenceProbabilities Mean(IReadOnlyList<InferenceProbabilities> answers) => answers is [var single]
        ? single
        : new(Mean(answers, a => a.Model), Mean(answers, a => a.Neighbours), Mean(answers, a => a.Both));

    private static double[] Mean(IReadOnlyList<InferenceProbabilities> answers, Func<InferenceProbabilities, double[]> select)
    {
        var mean = new double[select(answers[0]).Length];
        for (int c = 0; c < mean.Length; c++)
        {
            mean[c] = answers.Sum(answer => select(answer)[c]) / answers.Count;
        }

        return mean;
    }
}

/// <summary>The prediction of one fold for one recording.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="Side">Side in this fold of the corpus utterance with the same bytes; null where there is none.</param>
/// <param name="Answer">Probabilities.</param>
/// <param name="Nearest">The nearest stored rows, the nearest first.</param>
public sealed record FoldPrediction(int Fold, Side? Side, InferenceProbabilities Answer, IReadOnlyList<Neighbour> Nearest);

/// <summary>One stored row near a recording.</summary>
/// <param name="Utterance">Its name in the corpus.</param>
/// <param name="Class">Index of its class.</param>
/// <param name="Distance">Euclidean distance; comparable only within a fold.</param>
public sealed record Neighbour(string Utterance, int Class, double Distance);

/// <summary>Why a recording was skipped.</summary>
/// <param name="What">What is wrong with it.</param>
/// <param name="Cure">What to do.</param>
public sealed record RecordingProblem(string What, string Cure);
