using Promethoide.Api.Problems;

namespace Promethoide.Api.Access;

/// <summary>The token is missing or invalid.</summary>
internal sealed class SignInRequired : IProblemKind
{
    public static int Status => StatusCodes.Status401Unauthorized;
    public static string Code => "sign-in-required";
}

/// <summary>The caller's role or key is not sufficient.</summary>
internal sealed class NotAllowed : IProblemKind
{
    public static int Status => StatusCodes.Status403Forbidden;
    public static string Code => "not-allowed";
}

/// <summary>The officer has to change the password before anything else.</summary>
internal sealed class PasswordChangeRequired : IProblemKind
{
    public static int Status => StatusCodes.Status403Forbidden;
    public static string Code => "password-change-required";
}
