namespace Promethoide.Smoke;

/// <summary>One run through the network.</summary>
internal sealed record Run(DateTimeOffset EndedAt, IReadOnlyList<Step> Steps)
{
    /// <summary>True when every step succeeded.</summary>
    public bool Success => Steps.All(step => step.Success);
}

/// <summary>One step of a run.</summary>
/// <param name="Name">Its name: one of <see cref="SyntheticOfficer.StepNames"/>.</param>
/// <param name="Seconds">How long it took, in seconds.</param>
/// <param name="Failure">Why it failed; null when it succeeded.</param>
internal sealed record Step(string Name, double Seconds, string? Failure)
{
    /// <summary>True when it succeeded.</summary>
    public bool Success => Failure is null;
}
