namespace Promethoide.Local;

/// <summary>Something that the person at the keyboard can put right: its message is one clear sentence that says what to do.</summary>
public sealed class UserException(string message) : Exception(message);
