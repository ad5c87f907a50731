using System.Text.Encodings.Web;
using System.Text.Json;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Runners.Predict;

namespace Ser.Cli.Predictions;

/// <summary>Writes predictions as JSON: one document, or one line for each recording.</summary>
/// <param name="output">The stream to write to.</param>
/// <param name="lines">Whether to write JSON Lines, with recordings only.</param>
internal sealed class PredictionJson(Stream output, bool lines) : IPredictionWriter
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions
    {
        Indented = !lines,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });


    private PredictionHeader _header = null!;

    public void Begin(PredictionHeader header)
    {
        _header = header;
        if (!lines)
        {
            _json.WriteStartObject();
            Describe(_json, header);
            _json.WriteStartArray("files");
            _json.Flush();
        }
    }

    public void Add(Prediction prediction)
    {
        WriteRecording(prediction);
        _json.Flush();
        if (lines)
        {
            output.WriteByte((byte)'\n');
            output.Flush();
            _json.Reset();
        }
    }

    public void End(PredictionCounts counts)
    {
        if (!lines)
        {
            _json.WriteEndArray();
            Count(_json, counts);
            _json.WriteEndObject();
            _json.Flush();
            output.WriteByte((byte)'\n');
        }

        output.Flush();
        _json.Dispose();
    }

    /// <summary>Writes the members that describe how the labels were made.</summary>
    internal static void Describe(Utf8JsonWriter json, PredictionHeader header)
    {
        var (choice, chosen) = (header.Choice, header.Choice.Chosen);
        json.WriteString("sweep", header.Sweep);
        json.WriteString("arm", choice.Arm.Arm.Name);
        json.WriteNumber("lambda", choice.Arm.Arm.Lambda);
        json.WriteString("augmentation", choice.Arm.Arm.Augmentation);
        json.WriteString("encoder", choice.Arm.Encoder);
        json.WriteString("profile", choice.Arm.Profile);
        json.WriteNumber("seed", choice.Arm.Arm.Seed);
        json.WriteNumber("amongArms", choice.Among);
        WriteNumberOrNull(json, "validationUa", choice.ValidationUa);
        json.WriteStartArray("folds");
        foreach (var fold in choice.Folds)
        {
            json.WriteNumberValue(fold.Fold);
        }

        json.WriteEndArray();
        json.WriteString("ensemble", header.IsEnsemble ? "mean of the folds' probabilities" : null);
        json.WriteNumber("k", chosen.K);
        json.WriteNumber("alpha", chosen.Alpha);
        json.WriteString("weighting", chosen.Weighting);
        WriteNumberOrNull(json, "temperature", chosen.TemperatureFactor);
        json.WriteStartArray("classes");
        foreach (string name in header.Classes)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the members that count labelled and skipped recordings.</summary>
    internal static void Count(Utf8JsonWriter json, PredictionCounts counts)
    {
        json.WriteNumber("labelled", counts.Labelled);
        json.WriteNumber("skipped", counts.Skipped);
        json.WriteNumber("asked", counts.Requested);
        json.WriteNumber("known", counts.Seen);
        json.WriteBoolean("interrupted", counts.IsInterrupted);
    }

    private void WriteRecording(Prediction prediction)
    {
        _json.WriteStartObject();
        _json.WriteString("file", prediction.File);
        _json.WriteString("utterance", prediction.Utterance);
        if (prediction.Problem is { } problem)
        {
            _json.WriteString("problem", problem.What);
            _json.WriteString("cure", problem.Cure);
            _json.WriteEndObject();
            return;
        }

        WriteInferences(prediction.Answer!);
        _json.WriteStartArray("folds");
        foreach (var fold in prediction.Folds)
        {
            _json.WriteStartObject();
            _json.WriteNumber("fold", fold.Fold);
            _json.WriteString("side", fold.Side?.ToString().ToLowerInvariant());
            WriteInferences(fold.Answer);
            _json.WriteStartArray("neighbours");
            foreach (var near in fold.Nearest)
            {
                _json.WriteStartObject();
                _json.WriteString("utterance", near.Utterance);
                _json.WriteString("class", _header.Classes[near.Class]);
                _json.WriteNumber("distance", near.Distance);
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteInferences(InferenceProbabilities answer)
    {
        _json.WriteString("class", _header.Classes[Interpolation.MostProbableClass(answer.Both)]);
        WriteInference("model+knn", answer.Both);
        WriteInference("model", answer.Model);
        WriteInference("knn", answer.Neighbours);
    }

    private void WriteInference(string name, double[] p)
    {
        _json.WriteStartObject(name);
        _json.WriteString("class", _header.Classes[Interpolation.MostProbableClass(p)]);
        _json.WriteStartArray("probabilities");
        foreach (double value in p)
        {
            _json.WriteNumberValue(value);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
