namespace Ser.Checkpoints.Pickles;

/// <summary>Refuses containers that contain themselves. Without recursion, so that no nesting is too deep; every container is looked at once.</summary>
internal static class PickleCycles
{
    private enum Seen
    {
        Open,
        Done,
    }

    internal static void Refuse(string path, object? root)
    {
        var seen = new Dictionary<object, Seen>(ReferenceEqualityComparer.Instance);
        var ahead = new Stack<object>();
        Visit(root);
        while (ahead.TryPeek(out object? container))
        {
            if (!seen.TryGetValue(container, out var state))
            {
                seen[container] = Seen.Open;
                foreach (object? item in Contents(container))
                {
                    Visit(item);
                }

                continue;
            }

            if (state == Seen.Open)
            {
                seen[container] = Seen.Done;
            }

            ahead.Pop();
        }

        void Visit(object? value)
        {
            if (value is not (PickledTuple { Items.Length: > 0 } or PickledList or PickledDict or PickledObject))
            {
                return;
            }

            if (!seen.TryGetValue(value, out var state))
            {
                ahead.Push(value);
            }
            else if (state == Seen.Open)
            {
                throw Unsound.File(path, $"{PickledBuilder.Kind(value)} in its pickle contains itself; a checkpoint's data never do: download it again");
            }
        }
    }

    // Inert objects may refer to their owners (omegaconf's do) and are followed by nobody; a Namespace is a plain bag.
    private static IEnumerable<object?> Contents(object container) => container switch
    {
        PickledTuple tuple => tuple.Items,
        PickledList list => list.Items,
        PickledDict dict => dict.Items.Select(item => item.Value),
        PickledObject { Type.FullName: "argparse.Namespace" } bag => [bag.State],
        _ => [],
    };
}
