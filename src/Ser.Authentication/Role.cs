namespace Ser.Authentication;

/// <summary>What the holder of a token may do.</summary>
public enum Role
{
    /// <summary>Look.</summary>
    Viewer,

    /// <summary>Look and act.</summary>
    Operator,
}
