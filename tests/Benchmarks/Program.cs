using Drizzle.Benchmarks;
using Drizzle.Benchmarks.Targets;

// The same executable serves what is measured beside Drizzle.
switch (args)
{
    case ["bare-yarp", var port, var origin]:
        return await BareYarp.ServeAsync(int.Parse(port), origin);
    case ["origin"]:
        return await OriginProcess.ServeAsync();
}

try
{
    var options = BenchmarkOptions.Parse(args);
    if (options.IsHelp)
    {
        Console.Out.WriteLine(Catalogue.Help);
        return 0;
    }
    using var session = new Session(options, TimeProvider.System);
    foreach (var name in options.Names)
    {
        var report = await Catalogue.RunAsync(name, session);
        Console.Out.WriteLine(options.IsJson ? report.ToJson() : report.ToText());
    }
    return 0;
}
catch (BenchmarkFailure failure)
{
    Console.Error.WriteLine("bench: " + failure.Message);
    return failure.ExitCode;
}
catch (OperationCanceledException)
{
    return 130;
}
