using System.Runtime.Versioning;

// Promethoide.Local and the real components run on Linux.
[assembly: SupportedOSPlatform("linux")]
