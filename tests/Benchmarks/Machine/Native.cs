using System.Runtime.InteropServices;

namespace Drizzle.Benchmarks.Machine;

/// <summary>What .NET has no call for.</summary>
internal static class Native
{
    public const int Terminate = 15;
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

    /// <summary>Waits to the nanosecond where <c>Socket.Select</c> knows only milliseconds.</summary>
    [DllImport("libc", EntryPoint = "ppoll")]
    public static extern int Poll([In, Out] PollEntry[] entries, nuint count, in TimeSpec timeout, nint signals);
}
