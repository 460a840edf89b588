using System.Runtime.Versioning;

// Signals, modes of files and bash.
[assembly: SupportedOSPlatform("linux")]
[assembly: SupportedOSPlatform("macos")]

// A few at a time: each test runs programs of its own.
[assembly: Parallelize(Scope = ExecutionScope.ClassLevel, Workers = 4)]
