namespace Promethoide.Smoke;

/// <summary>One way through the network.</summary>
internal sealed record Run(DateTimeOffset EndedAt, IReadOnlyList<Step> Steps)
{
    /// <summary>Every step worked.</summary>
    public bool Success => Steps.All(step => step.Success);
}

/// <summary>One step of it.</summary>
/// <param name="Name">Which: one of <see cref="SyntheticOfficer.StepNames"/>.</param>
/// <param name="Seconds">How long it took, in seconds.</param>
/// <param name="Failure">Why it did not work; null when it did.</param>
internal sealed record Step(string Name, double Seconds, string? Failure)
{
    /// <summary>It worked.</summary>
    public bool Success => Failure is null;
}
