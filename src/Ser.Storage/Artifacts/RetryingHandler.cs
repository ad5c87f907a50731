using System.Net;

namespace Ser.Storage.Artifacts;

/// <summary>
/// Repeats a request while the store is unavailable or busy, for up to <paramref name="budget"/>, with pauses of 0.2 s, 0.4 s, … 10 s.
/// </summary>
/// <param name="clock">Measures the budget.</param>
/// <param name="budget">How long to retry. After it the last response or exception is passed on.</param>
internal sealed class RetryingHandler(TimeProvider clock, TimeSpan budget)
    : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
{
    /// <summary>Time limit until a response begins, including the upload of the request.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(60);

    private const double FirstWait = 0.2, MaxWait = 10;

    /// <summary>The pause before retry number <paramref name="retry"/>, counted from 0.</summary>
    public static TimeSpan DelayBefore(int retry) =>
        TimeSpan.FromSeconds(Math.Min(MaxWait, FirstWait * Math.Pow(2, Math.Min(retry, 16))));

    /// <summary>Whether a network error may be transient.</summary>
    public static bool IsTransient(Exception fault) => fault is HttpRequestException or IOException or TimeoutException;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        for (int retry = 0; ; retry++)
        {
            bool last = clock.GetElapsedTime(started) + DelayBefore(retry) > budget;
            using var timeout = new CancellationTokenSource(ResponseTimeout, clock);
            using var timeoutOrCancelled = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                var response = await base.SendAsync(request, timeoutOrCancelled.Token).ConfigureAwait(false);
                if (last || !IsTransient(response.StatusCode))
                {
                    return response;
                }

                response.Dispose();
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                if (last)
                {
                    throw new TimeoutException($"no response in {ResponseTimeout.TotalSeconds:0} s", slow);
                }
            }
            catch (Exception fault) when (!last && IsTransient(fault))
            {
            }

            await Task.Delay(DelayBefore(retry), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsTransient(HttpStatusCode code) =>
        code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || ((int)code >= 500 && code != HttpStatusCode.NotImplemented);
}
