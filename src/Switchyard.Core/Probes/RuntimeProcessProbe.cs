using System.ComponentModel;

namespace Switchyard.Core.Probes;

/// <summary>What the runtime tells of another process, on Windows and macOS: no run queue, no disk, no children.</summary>
internal sealed class RuntimeProcessProbe(int id) : IProcessProbe
{
    public ProcessReading? Read()
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return new ProcessReading
            {
                Timestamp = Stopwatch.GetTimestamp(),
                Cpu = process.TotalProcessorTime,
                ThreadCount = process.Threads.Count,
                WorkingSet = process.WorkingSet64,
            };
        }
        catch (Win32Exception exception)
        {
            throw new UnauthorizedAccessException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
