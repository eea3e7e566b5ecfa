namespace Switchyard.Core.Executables;

/// <summary>
/// Keeps what one attempt at an item writes, to the byte: <c>INDEX.stdout</c>, <c>INDEX.stderr</c> and <c>INDEX.exitcode</c> in a
/// folder. They appear together at the end, the exit code last: where it is, the others are complete.
/// </summary>
internal sealed class ItemFiles : IDisposable
{
    private const string OutputExtension = ".stdout";
    private const string ErrorExtension = ".stderr";
    private const string ExitCodeExtension = ".exitcode";

    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _output;
    private readonly FileStream _error;
    private bool _isCommitted;

    /// <exception cref="IOException">They cannot be written.</exception>
    public ItemFiles(string directory, long index)
    {
        string name = index.ToString(CultureInfo.InvariantCulture);
        _path = Path.Combine(directory, name);
        _temporary = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $".{name}.{Guid.NewGuid():N}"));
        _output = Create(OutputExtension);
        try
        {
            _error = Create(ErrorExtension);
        }
        catch
        {
            _output.Dispose();
            File.Delete(_temporary + OutputExtension);
            throw;
        }
    }

    public void WriteOutput(ReadOnlySpan<byte> data) => _output.Write(data);

    public void WriteError(ReadOnlySpan<byte> data) => _error.Write(data);

    /// <summary>Puts the files in place of any that were there.</summary>
    public void Commit(int exitCode)
    {
        _output.Dispose();
        _error.Dispose();
        File.WriteAllText(_temporary + ExitCodeExtension, string.Create(CultureInfo.InvariantCulture, $"{exitCode}\n"));

        // Of an earlier run, whose output this is not.
        File.Delete(_path + ExitCodeExtension);
        File.Move(_temporary + OutputExtension, _path + OutputExtension, overwrite: true);
        File.Move(_temporary + ErrorExtension, _path + ErrorExtension, overwrite: true);
        File.Move(_temporary + ExitCodeExtension, _path + ExitCodeExtension, overwrite: true);
        _isCommitted = true;
    }

    /// <summary>Removes what was not put in place.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        if (!_isCommitted)
        {
            File.Delete(_temporary + OutputExtension);
            File.Delete(_temporary + ErrorExtension);
            File.Delete(_temporary + ExitCodeExtension);
        }
    }

    // Without a buffer, what cannot be written fails at once, and nothing is left to fail when the files are closed and removed.
    private FileStream Create(string extension) =>
        new(_temporary + extension, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
}
