using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// Sessions, /proc and Unix file modes: what the supervision stands on.
[assembly: SupportedOSPlatform("linux")]
[assembly: InternalsVisibleTo("Promethoide.Tests")]
[assembly: InternalsVisibleTo("Promethoide.Bench")]
