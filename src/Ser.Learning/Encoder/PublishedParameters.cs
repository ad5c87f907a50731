using Ser.Checkpoints;
using TorchSharp;

namespace Ser.Learning.Encoder;

/// <summary>The tensors of a published checkpoint as an encoder's parameters.</summary>
public static class PublishedParameters
{
    /// <summary>Loads the weights that a file has for an architecture that is known already.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The architecture.</param>
    /// <param name="masks">Whether training masks frames: the set then has <see cref="ParameterShapes.MaskVector"/> too.</param>
    /// <exception cref="InvalidDataException">The file is invalid or does not fit the architecture; the message says how.</exception>
    public static ParameterSet Load(string path, EncoderConfig config, bool masks = false) =>
        FromTensors(PublishedWeights.Read(path, config, masks));

    /// <summary>Copies tensors into a set, in their order.</summary>
    public static ParameterSet FromTensors(IEnumerable<NamedTensor> tensors)
    {
        using var scope = torch.NewDisposeScope();
        var parameters = new ParameterSet();
        try
        {
            foreach (var tensor in tensors)
            {
                parameters.Add(tensor.Name, torch.tensor(tensor.Values, tensor.Shape));
            }
        }
        catch
        {
            parameters.Dispose();
            throw;
        }

        return parameters;
    }
}
