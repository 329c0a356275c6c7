using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.AppHost;

/// <summary>The output for the user who started the network.</summary>
internal static class TerminalExtensions
{
    // If the AppHost was started inside another process, as tests do, the terminal is not ours.
    private static readonly bool IsOurs = Assembly.GetEntryAssembly() == typeof(TerminalExtensions).Assembly;

    private static Func<StateFolder?>? s_state;

    /// <summary>True once a stop has been requested.</summary>
    public static bool IsStopping { private get; set; }

    /// <summary>Shows starts and addresses on the terminal, and an error as one sentence instead of a stack trace.</summary>
    public static void AddTerminal(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StartFailure>();
        if (!IsOurs)
        {
            return;
        }

        s_state = builder.Registered<StateFolder>;
        if (builder.ExecutionContext.IsRunMode)
        {
            // Before Aspire's own, which returns when everything has started.
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StartReport>());
        }
    }

    /// <summary>Prints one line.</summary>
    public static void Say(this IDistributedApplicationBuilder builder, string line)
    {
        if (IsOurs && builder.ExecutionContext.IsRunMode)
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>Lists an address of a component once everything is healthy.</summary>
    /// <param name="component">The component.</param>
    /// <param name="title">What is there.</param>
    /// <param name="path">The path below the endpoint <c>http</c>, with its first slash.</param>
    /// <param name="note">What users have to know.</param>
    public static IResourceBuilder<T> WithSummary<T>(
        this IResourceBuilder<T> component, string title, string path = "", string? note = null) where T : IResourceWithEndpoints =>
        component.WithSummary(title, ReferenceExpression.Create($"{path}"), note is null ? null : ReferenceExpression.Create($"{note}"));

    /// <summary>The same, with values that are known only once the network runs.</summary>
    public static IResourceBuilder<T> WithSummary<T>(
        this IResourceBuilder<T> component,
        string title,
        ReferenceExpression? path,
        ReferenceExpression? note) where T : IResourceWithEndpoints =>
        component.WithAnnotation(new SummaryAnnotation(title, path, note));

    /// <summary>Declares that the network is complete without this component, which may take its time or fail.</summary>
    public static IResourceBuilder<T> AsOptional<T>(this IResourceBuilder<T> component) where T : IResource =>
        component.WithAnnotation(new OptionalAnnotation());

    /// <summary>Declares that this component runs once and exits.</summary>
    public static IResourceBuilder<T> AsJob<T>(this IResourceBuilder<T> component) where T : IResource =>
        component.WithAnnotation(new JobAnnotation());

    // Before anything of ours runs: Aspire's own first steps can fail too.
    [ModuleInitializer]
    internal static void TellWhatIsWrong()
    {
        if (IsOurs)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => End((Exception)unhandled.ExceptionObject);
            // An aborted start ends without stopping what it has started.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => s_state?.Invoke()?.Release();
        }
    }

    private static void End(Exception exception)
    {
        // An interrupt, or a component that fails during the start, needs no further message.
        if (SentenceOf(exception) is { } sentence)
        {
            Console.Error.WriteLine(sentence);
            Environment.ExitCode = 1;
        }

        Environment.Exit(Environment.ExitCode);
    }

    private static string? SentenceOf(Exception exception) => exception switch
    {
        OperationCanceledException when IsStopping => null,
        DistributedApplicationException => exception.Message,
        AggregateException { InnerExceptions: [var inner, ..] } => SentenceOf(inner),
        { InnerException: { } inner } => SentenceOf(inner),
        _ => $"The network could not be started: {exception.Message}",
    };
}

internal sealed record SummaryAnnotation(string Title, ReferenceExpression? Path, ReferenceExpression? Note) : IResourceAnnotation;

internal sealed record OptionalAnnotation : IResourceAnnotation;

internal sealed record JobAnnotation : IResourceAnnotation;

/// <summary>Records why a component can no longer start, if its exit code does not say so.</summary>
internal sealed class StartFailure
{
    private readonly TaskCompletionSource<(string Component, string Reason)> _happened = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<(string Component, string Reason)> Happened => _happened.Task;

    public void Report(string component, string reason) => _happened.TrySetResult((component, reason));
}
