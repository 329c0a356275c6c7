using System.CommandLine;
using Promethoide.Local;

try
{
    return await CommandLine.Create().Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // Ctrl-C and SIGTERM stop the components in order, which takes as long as it takes (NetworkRun).
        ProcessTerminationTimeout = null,
    });
}
catch (UserException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
