namespace Promethoide.Web.SignIn;

/// <summary>The sign-in page's messages. Addresses contain the name.</summary>
internal enum SignInNotice
{
    None,

    /// <summary>The session has ended: idle, end of the shift, or ended by a supervisor.</summary>
    Ended,
    SignedOut,
    Failed,
    TooMany,

    /// <summary>The link signs in once, and has been used or is too old.</summary>
    LinkUsed,
    Unavailable,

    /// <summary>The identity provider knows the person, but assigns no role at this desk.</summary>
    NoRole,

    /// <summary>Single sign-on did not complete.</summary>
    ProviderFailed,
}
