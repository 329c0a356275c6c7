using Promethoide.Local.State;

namespace Promethoide.Local;

/// <summary>What every component of one network is built from.</summary>
internal sealed record NetworkContext(Checkout Checkout, StateFolder State, Settings Settings, Ports Ports)
{
    /// <summary>Where telemetry is sent by OTLP; null when nobody takes it.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>The share of requests that is traced, from 0 to 1: all when somebody looks at them, else enough for exemplars.</summary>
    public double TracedShare { get; init; } = 1;

    /// <summary>An address as components use it.</summary>
    public string Local(string port) => $"http://127.0.0.1:{Ports[port]}";

    /// <summary>The same address as a person types it.</summary>
    public string Browser(string port) => $"http://localhost:{Ports[port]}";
}
