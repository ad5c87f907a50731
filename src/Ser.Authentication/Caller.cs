using Ser.Authentication;

namespace Ser.Authentication;

/// <summary>The authenticated caller; also the response of GET /api/me.</summary>
/// <param name="Name">Name of the token.</param>
/// <param name="Role">Role of the token.</param>
/// <param name="Open">Whether the scheduler accepts requests without a token, because it has none and listens on loopback only.</param>
public sealed record Caller(string Name, Role Role, bool Open);
