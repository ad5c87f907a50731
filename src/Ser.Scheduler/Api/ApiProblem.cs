namespace Ser.Scheduler.Api;

/// <summary>A request that is refused, as RFC 9457 has it.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="title">What kind of refusal.</param>
/// <param name="detail">What is wrong and what would be right.</param>
internal sealed class ApiProblem(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;
}
