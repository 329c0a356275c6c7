namespace Promethoide.Web.SignIn;

/// <summary>What the sign-in page has to say. In an address as the name.</summary>
internal enum SignInNotice
{
    None,

    /// <summary>The session has ended: idle, the end of the shift, or by a supervisor.</summary>
    Ended,
    SignedOut,
    Failed,
    TooMany,

    /// <summary>The link signs in once, and has done so, or is too old.</summary>
    LinkUsed,
    Unavailable,

    /// <summary>The identity provider knows the person, but gives no role at this desk.</summary>
    NoRole,

    /// <summary>Single sign-on did not come to its end.</summary>
    ProviderFailed,
}
