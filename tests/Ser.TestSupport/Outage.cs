using System.Reflection;
using System.Runtime.ExceptionServices;
using Ser.Domain;

namespace Ser.TestSupport;

/// <summary>A port in front of an implementation, which fails while a test has an outage.</summary>
public class Outage<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private Func<string, bool> _fails = null!;

    /// <summary>Wraps an implementation.</summary>
    /// <param name="inner">The implementation.</param>
    /// <param name="fails">Whether a call of the method of this name fails.</param>
    public static T Wrap(T inner, Func<string, bool> fails)
    {
        var proxy = Create<T, Outage<T>>();
        ((Outage<T>)(object)proxy)._inner = inner;
        ((Outage<T>)(object)proxy)._fails = fails;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_fails(targetMethod!.Name))
        {
            throw new StorageException("the store is unavailable");
        }

        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException wrapped)
        {
            ExceptionDispatchInfo.Throw(wrapped.InnerException!);
            throw;
        }
    }
}
