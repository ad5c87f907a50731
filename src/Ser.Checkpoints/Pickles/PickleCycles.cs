namespace Ser.Checkpoints.Pickles;

/// <summary>
/// Rejects containers that contain themselves. The search is not recursive, so that deep nesting cannot overflow the stack, and visits
/// every container once.
/// </summary>
internal static class PickleCycles
{
    private enum VisitState
    {
        Open,
        Done,
    }

    internal static void ThrowIfCyclic(string path, object? root)
    {
        var visited = new Dictionary<object, VisitState>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<object>();
        Visit(root);
        while (pending.TryPeek(out object? container))
        {
            if (!visited.TryGetValue(container, out var state))
            {
                visited[container] = VisitState.Open;
                foreach (object? item in Contents(container))
                {
                    Visit(item);
                }

                continue;
            }

            if (state == VisitState.Open)
            {
                visited[container] = VisitState.Done;
            }

            pending.Pop();
        }

        void Visit(object? value)
        {
            if (value is not (PickledTuple { Items.Length: > 0 } or PickledList or PickledDict or PickledObject))
            {
                return;
            }

            if (!visited.TryGetValue(value, out var state))
            {
                pending.Push(value);
            }
            else if (state == VisitState.Open)
            {
                string kind = PickledBuilder.Describe(value);
                string problem = $"{kind} in its pickle contains itself, which does not occur in checkpoints; download it again";
                throw InvalidCheckpoint.Create(path, problem);
            }
        }
    }

    // Inert objects may refer to their owners (those of omegaconf do), but no reader follows these references. A Namespace is a plain
    // container.
    private static IEnumerable<object?> Contents(object container) => container switch
    {
        PickledTuple tuple => tuple.Items,
        PickledList list => list.Items,
        PickledDict dict => dict.Items.Select(item => item.Value),
        PickledObject { Type.FullName: "argparse.Namespace" } settings => [settings.State],
        _ => [],
    };
}
