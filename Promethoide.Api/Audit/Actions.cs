namespace Promethoide.Api.Audit;

/// <summary>The actions in the audit log.</summary>
internal static class Actions
{
    public const string SignIn = "sign-in";
    public const string SignOut = "sign-out";
    public const string LockOut = "lock-out";
    public const string PasswordChange = "password-change";
    public const string LookUp = "look-up";
    public const string Decision = "decision";
    public const string Annulment = "annulment";
    public const string OfficerAdded = "officer-added";
    public const string OfficerLocked = "officer-locked";
    public const string OfficerUnlocked = "officer-unlocked";
    public const string OfficerReset = "officer-reset";
    public const string OfficerRemoved = "officer-removed";
    public const string KeyAdded = "key-added";
    public const string KeyRevoked = "key-revoked";
    public const string Import = "import";
}

/// <summary>The outcome of an action.</summary>
internal static class Outcomes
{
    public const string Done = "done";
    public const string Everywhere = "everywhere";
    public const string Refused = "refused";
    public const string Wanted = "wanted";
    public const string NotWanted = "not-wanted";
    public const string PossibleMatch = "possible-match";
}
