using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Tests.Encoder;
using Ser.Learning.Training;
using Ser.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Training;

public class OptimizersTests
{
    [Trait("Category", Oracle.Category)]
    [Fact]
    public void Sgd_walks_where_the_reference_walks()
    {
        var json = Oracle.Json("04_training/training.json");
        var vectors = Oracle.Tensors("04_training/training.safetensors");
        foreach (var run in json.GetProperty("sgd").EnumerateObject())
        {
            var settings = run.Value;
            bool frozen = settings.GetProperty("feature_extractor_frozen").GetBoolean();
            using var model = new TrainingOracle(json, vectors, ScalarType.Float64, frozen);
            using var sgd = new Sgd(model.Parameters, settings.GetProperty("momentum").GetDouble());
            double rate = settings.GetProperty("lr").GetDouble();
            var losses = settings.EnumerateObject().First(p => p.Name.StartsWith("losses_f64", StringComparison.Ordinal)).Value;
            int steps = losses.GetArrayLength() - 1;
            for (int step = 1; step <= steps; step++)
            {
                using var scope = NewDisposeScope();
                var (total, _, _) = model.Loss(
                    settings.GetProperty("lambda").GetDouble(),
                    TrainingOracle.ReductionOf(settings.GetProperty("reduction").GetString()!),
                    settings.GetProperty("l2_normalised").GetBoolean());
                double expected = losses[step - 1][0].GetDouble();
                double loss = total.item<double>(), lossTolerance = 1e-6 * Math.Max(1, Math.Abs(expected));
                Assert.True(Math.Abs(loss - expected) <= lossTolerance, $"{run.Name}, step {step}: {loss}, not {expected}");
                foreach (var parameter in model.Parameters.Tensors)
                {
                    parameter.grad?.zero_();
                }

                total.backward();
                sgd.Step(_ => rate, step);
                string prefix = $"sgd.{run.Name}.step{step}.";
                foreach (string theirs in vectors.Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
                {
                    double[] reference = vectors.Doubles(theirs);
                    double tolerance = 1e-6 * Math.Max(1, reference.Max(Math.Abs));
                    double[] values = TinyModels.Values(model.Parameter(theirs[prefix.Length..]));
                    double worst = Oracle.MaxAbs(values, reference);
                    Assert.True(worst <= tolerance, $"{theirs}: {worst}");
                }
            }
        }
    }

    [Fact]
    public void AdamW_takes_a_first_step_of_the_learning_rate()
    {
        using var parameters = new ParameterSet();
        parameters.Add("w", tensor(new[] { 1.0, -2.0 }).requires_grad_());
        using var adam = new AdamW(parameters, decay: 0);
        (parameters["w"] * tensor(new[] { 3.0, -0.5 })).sum().backward();
        adam.Step(_ => 0.1, 1);
        Assert.Equal([0.9, -1.9], TinyModels.Values(parameters["w"]).Select(v => Math.Round(v, 6)));
    }

    [Fact]
    public void One_cycle_rises_to_its_peak_and_falls_to_almost_nothing()
    {
        double[] rates = [.. Enumerable.Range(0, 100).Select(step => OneCycle.Rate(1e-3, step, 100))];
        Assert.Equal(1e-3 / 25, rates[0], 12);
        Assert.Equal(1e-3, rates[29], 12);
        Assert.Equal(1e-3 / 250_000, rates[^1], 12);
        Assert.True(rates.Zip(rates.Skip(1)).Take(29).All(pair => pair.First < pair.Second));
    }
}
