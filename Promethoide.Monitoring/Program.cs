using Promethoide.Monitoring;

return await CommandLine.Create().Parse(args).InvokeAsync();
