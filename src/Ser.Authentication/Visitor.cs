using Ser.Authentication;

namespace Ser.Authentication;

/// <summary>Who asks the scheduler; also the answer of GET /api/me.</summary>
/// <param name="Name">The token's name.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Open">Whether the scheduler lets in anyone on its machine, since it has no token.</param>
public sealed record Visitor(string Name, Role Role, bool Open);
