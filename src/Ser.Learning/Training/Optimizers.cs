using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>Updates parameters by their gradients. Its state is a set of tensors, which checkpoints contain.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>The state tensors of each parameter.</summary>
    ParameterSet State { get; }

    /// <summary>Performs one step.</summary>
    /// <param name="rate">Returns the learning rate of a parameter by its name.</param>
    /// <param name="step">The step, from 1.</param>
    void Step(Func<string, double> rate, long step);
}

/// <summary>Stochastic gradient descent with momentum (no dampening, no Nesterov): v ← μ·v + g; p ← p - lr·v.</summary>
public sealed class Sgd : IOptimizer
{
    private readonly ParameterSet _parameters;
    private readonly double _momentum;

    /// <summary>Creates an optimiser for those parameters of a set that require gradients.</summary>
    public Sgd(ParameterSet parameters, double momentum)
    {
        _parameters = parameters;
        _momentum = momentum;
        foreach (string name in parameters.Names.Where(name => parameters[name].requires_grad))
        {
            State.Add("momentum." + name, zeros_like(parameters[name]));
        }
    }

    /// <inheritdoc/>
    public ParameterSet State { get; } = new();

    /// <inheritdoc/>
    public void Step(Func<string, double> rate, long step)
    {
        using var noGrad = no_grad();
        foreach (string name in _parameters.Names)
        {
            var parameter = _parameters[name];
            using var gradient = parameter.grad;
            if (gradient is null)
            {
                continue;
            }

            // v begins as 0, so that it equals g after the first step, as in the references.
            var velocity = State["momentum." + name];
            velocity.Mul_(_momentum).Add_(gradient);
            parameter.Add_(velocity, -rate(name));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => State.Dispose();
}

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) with β = (0.9, 0.999) and ε = 1e-8. The decoupled weight decay applies only to matrices.
/// </summary>
public sealed class AdamW : IOptimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly ParameterSet _parameters;
    private readonly double _decay;

    /// <summary>Creates an optimiser for those parameters of a set that require gradients.</summary>
    public AdamW(ParameterSet parameters, double decay)
    {
        _parameters = parameters;
        _decay = decay;
        foreach (string name in parameters.Names.Where(name => parameters[name].requires_grad))
        {
            State.Add("first." + name, zeros_like(parameters[name]));
            State.Add("second." + name, zeros_like(parameters[name]));
        }
    }

    /// <inheritdoc/>
    public ParameterSet State { get; } = new();

    /// <inheritdoc/>
    public void Step(Func<string, double> rate, long step)
    {
        using var noGrad = no_grad();
        double correction1 = 1 - Math.Pow(Beta1, step), correction2 = 1 - Math.Pow(Beta2, step);
        foreach (string name in _parameters.Names)
        {
            var parameter = _parameters[name];
            using var gradient = parameter.grad;
            if (gradient is null)
            {
                continue;
            }

            double lr = rate(name);
            if (_decay > 0 && parameter.dim() > 1)
            {
                parameter.Mul_(1 - (lr * _decay));
            }

            Tensor first = State["first." + name], second = State["second." + name];
            first.Mul_(Beta1).Add_(gradient, 1 - Beta1);
            second.Mul_(Beta2).AddCMul_(gradient, gradient, 1 - Beta2);
            using var denominator = second.sqrt().Mul_(1 / Math.Sqrt(correction2)).Add_(Epsilon);
            parameter.AddCDiv_(first, denominator, -lr / correction1);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => State.Dispose();
}
