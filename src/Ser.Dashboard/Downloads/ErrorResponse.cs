using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ser.Dashboard.Downloads;

/// <summary>A plain-text response that explains why a download is refused.</summary>
internal static class ErrorResponse
{
    public static ContentHttpResult Create(int status, string why) => TypedResults.Text(why, "text/plain", Encoding.UTF8, status);
}
