namespace Ser.Authentication;

/// <summary>Permissions of a token.</summary>
public enum Role
{
    /// <summary>Read.</summary>
    Viewer,

    /// <summary>Read and act.</summary>
    Operator,
}
