using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>The sign-in failed, for a reason that is not disclosed.</summary>
internal sealed class SignInFailed : IProblemKind
{
    public static int Status => StatusCodes.Status401Unauthorized;
    public static string Code => "sign-in-failed";
}

/// <summary>The single sign-on provider gives the person no role at the desk.</summary>
internal sealed class NoRole : IProblemKind
{
    public static int Status => StatusCodes.Status403Forbidden;
    public static string Code => "no-role";
}

/// <summary>There is no officer with this name.</summary>
internal sealed class OfficerNotFound : IProblemKind
{
    public static int Status => StatusCodes.Status404NotFound;
    public static string Code => "officer-not-found";
}

/// <summary>The name is taken.</summary>
internal sealed class OfficerExists : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "officer-exists";
}

/// <summary>The change would leave nobody to manage officers.</summary>
internal sealed class LastSupervisor : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "last-supervisor";
}

/// <summary>The single sign-on provider manages the officer's password.</summary>
internal sealed class PasswordElsewhere : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "single-sign-on";
}
