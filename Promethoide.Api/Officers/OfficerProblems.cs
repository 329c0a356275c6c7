using Promethoide.Api.Problems;

namespace Promethoide.Api.Officers;

/// <summary>No way in: for whatever reason, which is not told.</summary>
internal sealed class SignInFailed : IProblemKind
{
    public static int Status => StatusCodes.Status401Unauthorized;
    public static string Code => "sign-in-failed";
}

/// <summary>The provider of single sign-on gives the person no role at the desk.</summary>
internal sealed class NoRole : IProblemKind
{
    public static int Status => StatusCodes.Status403Forbidden;
    public static string Code => "no-role";
}

/// <summary>There is no officer of this name.</summary>
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

/// <summary>Nobody would be left who may manage officers.</summary>
internal sealed class LastSupervisor : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "last-supervisor";
}

/// <summary>The officer's password is at the provider of single sign-on.</summary>
internal sealed class PasswordElsewhere : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "single-sign-on";
}
