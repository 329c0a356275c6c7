namespace Promethoide.Api.Access;

/// <summary>What a caller may do. Roles and keys are sets of these.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>All scopes.</summary>
    Any = ~None,

    /// <summary>Look up wanted persons and flights.</summary>
    LookUp = 1,

    /// <summary>Decide about travellers.</summary>
    Decide = 2,

    /// <summary>Read all entries, refusals and hits.</summary>
    Read = 4,

    /// <summary>Rehearse with documents that belong to nobody; <see cref="Caller.RehearsesWith"/>.</summary>
    Smoke = 8,

    /// <summary>Read one's own entries of the current shift.</summary>
    ReadOwn = 16,

    /// <summary>Manage officers.</summary>
    Supervise = 32,

    /// <summary>Manage one's own session and password.</summary>
    Session = 64,
}

internal static class ScopeNames
{
    /// <summary>The scopes that a key may have, with their names on the command line and in the database.</summary>
    public static readonly IReadOnlyDictionary<string, Scopes> OfKeys = new Dictionary<string, Scopes>
    {
        ["look-up"] = Scopes.LookUp,
        ["decide"] = Scopes.Decide,
        ["read"] = Scopes.Read,
        ["smoke"] = Scopes.Smoke,
    };

    /// <summary>The scopes with these names; unknown names are ignored.</summary>
    public static Scopes Read(IEnumerable<string> names) =>
        names.Aggregate(Scopes.None, (set, name) => set | OfKeys.GetValueOrDefault(name));
}

/// <summary>The roles of officers.</summary>
internal static class Roles
{
    public const string Officer = "officer";
    public const string Supervisor = "supervisor";

    public static readonly IReadOnlyList<string> All = [Officer, Supervisor];

    public static Scopes ScopesOf(string role) => role switch
    {
        Officer => Scopes.Session | Scopes.LookUp | Scopes.Decide | Scopes.ReadOwn,
        Supervisor => Scopes.Session | Scopes.LookUp | Scopes.Decide | Scopes.ReadOwn | Scopes.Read | Scopes.Supervise,
        _ => Scopes.None,
    };
}
