using Ser.Runners.BuildDatastore;

namespace Ser.Runners.Predict;

/// <summary>One recording with its label, or with what is wrong with it.</summary>
/// <param name="File">As it was asked for.</param>
/// <param name="Utterance">Name of the corpus utterance with the same bytes; null where there is none.</param>
/// <param name="Answer">Of one fold, or the mean over several; null where the recording cannot be used.</param>
/// <param name="Folds">The folds' own answers.</param>
/// <param name="Problem">What is wrong with the recording.</param>
public sealed record Prediction(string File, string? Utterance, Answer? Answer, IReadOnlyList<FoldPrediction> Folds, RecordingProblem? Problem);

/// <summary>Class probabilities of the three inferences.</summary>
/// <param name="Model">[classes], p_model of eq. 4.</param>
/// <param name="Neighbours">[classes], p_knn of eq. 4.</param>
/// <param name="Both">[classes], p of eq. 4: its largest is the decision.</param>
public sealed record Answer(double[] Model, double[] Neighbours, double[] Both)
{
    /// <summary>The mean over folds, probability by probability.</summary>
    public static Answer Mean(IReadOnlyList<Answer> answers) => answers is [var one]
        ? one
        : new(Mean(answers, a => a.Model), Mean(answers, a => a.Neighbours), Mean(answers, a => a.Both));

    private static double[] Mean(IReadOnlyList<Answer> answers, Func<Answer, double[]> of)
    {
        var mean = new double[of(answers[0]).Length];
        for (int c = 0; c < mean.Length; c++)
        {
            mean[c] = answers.Sum(answer => of(answer)[c]) / answers.Count;
        }

        return mean;
    }
}

/// <summary>What one fold says of one recording.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="Side">Side of this fold on which the corpus utterance with the same bytes stands; null where there is none.</param>
/// <param name="Answer">Probabilities.</param>
/// <param name="Nearest">Nearest stored rows, nearest first.</param>
public sealed record FoldPrediction(int Fold, Side? Side, Answer Answer, IReadOnlyList<Neighbour> Nearest);

/// <summary>One stored row near a recording.</summary>
/// <param name="Utterance">Its name in the corpus.</param>
/// <param name="Class">Index of its class.</param>
/// <param name="Distance">Euclidean, in double; comparable within a fold only.</param>
public sealed record Neighbour(string Utterance, int Class, double Distance);

/// <summary>Why a recording was skipped.</summary>
/// <param name="What">What is wrong with it.</param>
/// <param name="Cure">What to do.</param>
public sealed record RecordingProblem(string What, string Cure);
