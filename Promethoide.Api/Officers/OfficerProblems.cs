using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>No way in: for whatever reason, which is not told.</summary>
public sealed class SignInFailed : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status401Unauthorized;

    /// <inheritdoc/>
    public static string Code => "sign-in-failed";
}

/// <summary>The provider of single sign-on gives the person no role at the desk.</summary>
public sealed class NoRole : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status403Forbidden;

    /// <inheritdoc/>
    public static string Code => "no-role";
}

/// <summary>There is no officer of this name.</summary>
public sealed class OfficerNotFound : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status404NotFound;

    /// <inheritdoc/>
    public static string Code => "officer-not-found";
}

/// <summary>The name is taken.</summary>
public sealed class OfficerExists : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status409Conflict;

    /// <inheritdoc/>
    public static string Code => "officer-exists";
}

/// <summary>Nobody would be left who may manage officers.</summary>
public sealed class LastSupervisor : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status409Conflict;

    /// <inheritdoc/>
    public static string Code => "last-supervisor";
}

/// <summary>The officer's password is at the provider of single sign-on.</summary>
public sealed class PasswordElsewhere : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status409Conflict;

    /// <inheritdoc/>
    public static string Code => "single-sign-on";
}
