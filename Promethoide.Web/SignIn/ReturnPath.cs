namespace Promethoide.Web.SignIn;

/// <summary>Where a user goes after signing in: always a page of the desk, whoever made the link.</summary>
internal static class ReturnPath
{
    public const string Parameter = "returnUrl";

    /// <summary>The path if it is on this site, else that of the desk.</summary>
    // Browsers read a backslash as a slash, and drop tabs and line breaks: "/\t/example.org" is another site.
    public static string Of(string? path) =>
        path is ['/', ..]
            && !path.StartsWith("//", StringComparison.Ordinal)
            && path.All(character => character is > ' ' and < '\x7f' and not '\\')
            ? path
            : "/";
}
