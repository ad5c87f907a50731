using System.Net;

namespace Ser.Storage.Artifacts;

/// <summary>Sends a request again while the store is away or busy, for up to <paramref name="budget"/>: 0.2 s, 0.4 s, … 10 s between tries.</summary>
/// <param name="clock">Measures the budget.</param>
/// <param name="budget">How long a fault may last. The last answer or exception is passed on.</param>
internal sealed class RetryingHandler(TimeProvider clock, TimeSpan budget) : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
{
    /// <summary>Until an answer begins, a part of an upload sent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const double First = 0.2, Longest = 10;

    /// <summary>How long to wait before try number <paramref name="retry"/>, from 0.</summary>
    public static TimeSpan Wait(int retry) => TimeSpan.FromSeconds(Math.Min(Longest, First * Math.Pow(2, Math.Min(retry, 16))));

    /// <summary>Whether a fault of the network may pass by itself.</summary>
    public static bool Passes(Exception fault) => fault is HttpRequestException or IOException or TimeoutException;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        for (int retry = 0; ; retry++)
        {
            bool last = clock.GetElapsedTime(began) + Wait(retry) > budget;
            using var patience = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                var answer = await base.SendAsync(request, either.Token).ConfigureAwait(false);
                if (last || !Passes(answer.StatusCode))
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                if (last)
                {
                    throw new TimeoutException($"no answer in {Patience.TotalSeconds:0} s", slow);
                }
            }
            catch (Exception fault) when (!last && Passes(fault))
            {
            }

            await Task.Delay(Wait(retry), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool Passes(HttpStatusCode code) => code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || ((int)code >= 500 && code != HttpStatusCode.NotImplemented);
}
