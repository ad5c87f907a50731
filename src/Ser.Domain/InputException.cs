namespace Ser.Domain;

/// <summary>
/// Invalid command or input file. It ends a command with exit code 2. The message says what is wrong, where, and what would be right.
/// </summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
