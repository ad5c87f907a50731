namespace Ser.Domain;

/// <summary>The command, or a file it names, is wrong: exit code 2. The message says what, where, and what would be right.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
