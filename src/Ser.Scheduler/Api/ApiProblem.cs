namespace Ser.Scheduler.Api;

/// <summary>Rejects a request with problem details (RFC 9457).</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="title">Kind of problem.</param>
/// <param name="detail">What is wrong and what would be right.</param>
internal sealed class ApiProblem(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;
}
