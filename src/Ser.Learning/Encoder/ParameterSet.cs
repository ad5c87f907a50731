using Ser.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>Named tensors in a fixed order. The set owns the tensors and disposes of them.</summary>
public sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, Tensor> _byName = [];
    private readonly List<string> _names = [];

    /// <summary>Names in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Tensors in order.</summary>
    public IEnumerable<Tensor> Tensors => _names.Select(name => _byName[name]);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Tensor this[string name] => _byName.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"there is no parameter '{name}'");

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Adds a tensor and takes ownership of it.</summary>
    public void Add(string name, Tensor tensor)
    {
        _byName.Add(name, tensor.DetachFromDisposeScope());
        _names.Add(name);
    }

    /// <summary>Moves every tensor to a device.</summary>
    public void MoveTo(Device device)
    {
        using var noGrad = no_grad();
        foreach (string name in _names)
        {
            var tensor = _byName[name];
            if (tensor.device_type != device.type || (device.index >= 0 && tensor.device_index != device.index))
            {
                _byName[name] = tensor.to(device).DetachFromDisposeScope();
                tensor.Dispose();
            }
        }
    }

    /// <summary>A deep copy without gradients.</summary>
    public ParameterSet Clone()
    {
        using var noGrad = no_grad();
        var copy = new ParameterSet();
        foreach (string name in _names)
        {
            using var plain = _byName[name].detach();
            copy.Add(name, plain.clone());
        }

        return copy;
    }

    /// <summary>A deep copy without gradients in the memory of the host, also where the set is on a GPU.</summary>
    public ParameterSet CloneToHost()
    {
        using var noGrad = no_grad();
        var copy = new ParameterSet();
        foreach (string name in _names)
        {
            using var plain = _byName[name].detach();
            copy.Add(name, plain.device_type == DeviceType.CPU ? plain.clone() : plain.cpu());
        }

        return copy;
    }

    /// <summary>Copies values from a set of the same names.</summary>
    public void CopyFrom(ParameterSet other)
    {
        using var noGrad = no_grad();
        foreach (string name in _names)
        {
            _byName[name].copy_(other[name]);
        }
    }

    /// <summary>
    /// Removes every gradient. Gradients are not zeroed, because the optimiser must leave a layer alone that layer drop skipped, whether or
    /// not the run was resumed.
    /// </summary>
    public void ClearGradients()
    {
        foreach (string name in _names)
        {
            _byName[name].grad = null;
        }
    }

    /// <summary>Every tensor as float32 bytes for SafeTensors.Write, with <paramref name="prefix"/> before each name.</summary>
    public IEnumerable<SafeTensors.Source> ToSafeTensors(string prefix = "") =>
        _names.Select(name => new SafeTensors.Source(prefix + name, "F32", _byName[name].shape, () => Bytes(_byName[name])));

    /// <summary>Overwrites the values of every tensor with those in the file, where names begin with <paramref name="prefix"/>.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or of another shape.</exception>
    public void Load(SafeTensors file, string prefix = "")
    {
        using var noGrad = no_grad();
        foreach (string name in _names)
        {
            var target = _byName[name];
            if (!file.Entries.TryGetValue(prefix + name, out var entry) || !entry.Shape.SequenceEqual(target.shape))
            {
                string shape = string.Join(", ", target.shape);
                throw new InvalidDataException($"tensor {prefix + name} of shape [{shape}] is not in the file");
            }

            using var value = torch.tensor(file.Floats(prefix + name), entry.Shape);
            target.copy_(value); // also copies to the device of the target
        }
    }

    // The scope disposes of intermediate handles, which would otherwise keep a model's storage alive until the next garbage collection.
    private static byte[] Bytes(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().bytes.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _byName.Values)
        {
            tensor.Dispose();
        }
    }
}
