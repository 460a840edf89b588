using System.Runtime.InteropServices;

namespace Drizzle.Benchmarks.Machine;

/// <summary>What .NET has no call for.</summary>
internal static class Native
{
    public const int KillAtOnce = 9;
    public const int Terminate = 15;

    // These two as Linux numbers them.
    public const int GoOn = 18;
    public const int StandStill = 19;

    public const short Readable = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "kill")]
    public static extern int Kill(int process, int signal);

    /// <summary>The clock of the CPU time that a process has used, its ended threads included.</summary>
    /// <returns>Not 0 where there is no such process.</returns>
    [DllImport("libc", EntryPoint = "clock_getcpuclockid")]
    public static extern int CpuClockOf(int process, out int clock);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    public static extern int ReadClock(int clock, out TimeSpec time);

    /// <summary>Waits to the nanosecond where <c>Socket.Select</c> knows only milliseconds.</summary>
    [DllImport("libc", EntryPoint = "ppoll")]
    public static extern int Poll([In, Out] PollEntry[] entries, nuint count, in TimeSpec timeout, nint signals);
}
