using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Tests.Encoder;
using Ser.Learning.Training;
using Ser.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Training;

public class LossesTests
{
    [Trait("Category", Oracle.Category)]
    [Fact]
    public void Contrastive_loss_and_its_gradient_are_the_references()
    {
        var json = Oracle.Json("04_training/training.json");
        var vectors = Oracle.Tensors("04_training/training.safetensors");
        double tau = json.GetProperty("tau").GetDouble();
        int cases = 0;
        foreach (var one in json.GetProperty("scl_standalone").EnumerateObject())
        {
            string name = one.Name[..one.Name.LastIndexOf('.')];
            bool normalize = one.Name.EndsWith(".l2", StringComparison.Ordinal);
            using var scope = NewDisposeScope();
            string kind = normalize ? "l2" : "raw";
            var x = tensor(vectors.Doubles($"scl.{name}.x"), vectors.Entries[$"scl.{name}.x"].Shape).requires_grad_();
            var labels = tensor(vectors.Longs($"scl.{name}.y"));
            (Reduction, string)[] reductions =
            [
                (Reduction.Sum, "sum"),
                (Reduction.MeanAll, "mean_all"),
                (Reduction.MeanValid, "mean_valid"),
            ];
            foreach (var (reduction, key) in reductions)
            {
                double expected = one.Value.GetProperty(key).GetDouble();
                double got = Losses.SupervisedContrastive(x, labels, tau, normalize, reduction).item<double>();
                Assert.True(Math.Abs(got - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{one.Name} {key}: {got}, not {expected}");
            }

            var perAnchor = TinyModels.Values(Losses.PerAnchor(x, labels, tau, normalize, out _));
            double[] reference = vectors.Doubles($"scl.{name}.{kind}.per_anchor_f64");
            Assert.InRange(Oracle.MaxAbs(perAnchor, reference), 0, 1e-9 * Math.Max(1, reference.Max(Math.Abs)));
            Losses.SupervisedContrastive(x, labels, tau, normalize, Reduction.Sum).backward();
            double[] gradient = vectors.Doubles($"scl.{name}.{kind}.grad_of_sum_f64");
            Assert.InRange(Oracle.MaxAbs(TinyModels.Values(x.grad!), gradient), 0, 1e-7 * Math.Max(1, gradient.Max(Math.Abs)));
            cases++;
        }

        Assert.True(cases > 3);
    }

    [Trait("Category", Oracle.Category)]
    [Fact]
    public void Every_variant_of_the_whole_loss_has_the_references_value_and_gradients()
    {
        var json = Oracle.Json("04_training/training.json");
        var vectors = Oracle.Tensors("04_training/training.safetensors");
        foreach (var one in json.GetProperty("losses").EnumerateObject())
        {
            string[] parts = one.Name.Split('.', 3);
            double lambda = double.Parse(parts[2]["lambda".Length..], System.Globalization.CultureInfo.InvariantCulture);
            using var scope = NewDisposeScope();
            using var model = new TrainingOracle(json, vectors, ScalarType.Float64);
            var (total, ce, scl) = model.Loss(lambda, TrainingOracle.ReductionOf(parts[1]), parts[0] == "l2");
            foreach (var (value, key) in new[] { (total, "total"), (ce, "ce"), (scl, "scl") })
            {
                double expected = one.Value.GetProperty(key).GetDouble();
                Assert.True(Math.Abs(value.item<double>() - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{one.Name} {key}");
            }

            total.backward();
            foreach (var norm in one.Value.GetProperty("grad_norm").EnumerateObject())
            {
                double[] gradient = TinyModels.Values(model.Gradient(norm.Name));
                double got = Math.Sqrt(gradient.Sum(g => g * g)), expected = norm.Value.GetDouble();
                double tolerance = 1e-7 * Math.Max(1e-3, expected);
                Assert.True(Math.Abs(got - expected) <= tolerance, $"{one.Name}: gradient of {norm.Name} is {got}, not {expected}");
                string key = $"grad_f64.{one.Name}.{norm.Name}";
                if (vectors.Entries.ContainsKey(key))
                {
                    double[] reference = vectors.Doubles(key);
                    Assert.InRange(Oracle.MaxAbs(gradient, reference), 0, 1e-7 * Math.Max(1e-3, reference.Max(Math.Abs)));
                }
            }
        }
    }

    [Fact]
    public void Lambda_mixes_the_two_losses()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0.9 * 2 + 0.1 * 5, Losses.Combined(tensor(2.0), tensor(5.0), 0.1).item<double>(), 12);
    }
}
