using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.AppHost;

/// <summary>What the person who started the network reads.</summary>
internal static class TerminalExtensions
{
    // Where others start the AppHost inside their own process, as tests do, the terminal is theirs.
    private static readonly bool IsOurs = Assembly.GetEntryAssembly() == typeof(TerminalExtensions).Assembly;

    private static Func<StateFolder?>? s_state;

    /// <summary>True once the end has been asked for.</summary>
    public static bool IsStopping { private get; set; }

    /// <summary>Shows on the terminal what starts and what is where, and what is wrong in one sentence instead of a stack trace.</summary>
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
            // Before Aspire's own, which returns when everything has been started.
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StartReport>());
        }
    }

    /// <summary>Says one line.</summary>
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
    /// <param name="note">What one has to know to use it.</param>
    public static IResourceBuilder<T> WithSummary<T>(
        this IResourceBuilder<T> component, string title, string path = "", string? note = null) where T : IResourceWithEndpoints =>
        component.WithSummary(title, ReferenceExpression.Create($"{path}"), note is null ? null : ReferenceExpression.Create($"{note}"));

    /// <summary>The same with what is known only once the network runs.</summary>
    public static IResourceBuilder<T> WithSummary<T>(
        this IResourceBuilder<T> component,
        string title,
        ReferenceExpression? path,
        ReferenceExpression? note) where T : IResourceWithEndpoints =>
        component.WithAnnotation(new SummaryAnnotation(title, path, note));

    /// <summary>Says that the network is complete without this component, which may take its time or fail.</summary>
    public static IResourceBuilder<T> AsOptional<T>(this IResourceBuilder<T> component) where T : IResource =>
        component.WithAnnotation(new OptionalAnnotation());

    /// <summary>Says that this component does one thing and ends.</summary>
    public static IResourceBuilder<T> AsJob<T>(this IResourceBuilder<T> component) where T : IResource =>
        component.WithAnnotation(new JobAnnotation());

    // Before anything of ours runs: Aspire's own first steps can fail too.
    [ModuleInitializer]
    internal static void TellWhatIsWrong()
    {
        if (IsOurs)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => End((Exception)unhandled.ExceptionObject);
            // A start that is broken off ends without stopping what it has started.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => s_state?.Invoke()?.Release();
        }
    }

    private static void End(Exception exception)
    {
        // Whoever interrupts a start, or a component that fails during it, has said enough.
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

/// <summary>Takes what a component's start can no longer end well from, where its exit code does not tell.</summary>
internal sealed class StartFailure
{
    private readonly TaskCompletionSource<(string Component, string Reason)> _happened = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<(string Component, string Reason)> Happened => _happened.Task;

    public void Report(string component, string reason) => _happened.TrySetResult((component, reason));
}
