using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ser.Dashboard.Downloads;

/// <summary>A plain-text response that explains why a download is refused.</summary>
internal static class Refusal
{
    public static ContentHttpResult Of(int status, string why) => TypedResults.Text(why, "text/plain", Encoding.UTF8, status);
}
