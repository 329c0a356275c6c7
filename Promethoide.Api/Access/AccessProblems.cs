using Promethoide.Api.Problems;

namespace Promethoide.Api.Access;

/// <summary>There is no token, or none that is good.</summary>
public sealed class SignInRequired : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status401Unauthorized;

    /// <inheritdoc/>
    public static string Code => "sign-in-required";
}

/// <summary>The caller's role or key does not suffice.</summary>
public sealed class NotAllowed : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status403Forbidden;

    /// <inheritdoc/>
    public static string Code => "not-allowed";
}

/// <summary>The officer has to change the password before anything else.</summary>
public sealed class PasswordChangeRequired : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status403Forbidden;

    /// <inheritdoc/>
    public static string Code => "password-change-required";
}
