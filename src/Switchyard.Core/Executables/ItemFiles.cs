using Switchyard.Core.Files;

namespace Switchyard.Core.Executables;

/// <summary>
/// Keeps what one attempt at an item writes, to the byte: <c>NUMBER.stdout</c>, <c>NUMBER.stderr</c> and <c>NUMBER.exitcode</c> in a
/// folder. They appear together at the end, the exit code last: where it is, the others are complete.
/// </summary>
internal sealed class ItemFiles : IDisposable
{
    private const string OutputExtension = ".stdout";
    private const string ErrorExtension = ".stderr";
    private const string ExitCodeExtension = ".exitcode";

    private readonly OutputFolder _folder;
    private readonly bool _isOwn;
    private readonly string _temporary;
    private readonly FileStream _output;
    private readonly FileStream _error;
    private string _path;
    private bool _isCommitted;

    /// <param name="path">Where they go, without their extensions.</param>
    /// <param name="isOwn">Whether files that are there are the item's own, to be replaced.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    public ItemFiles(string path, bool isOwn, OutputFolder folder)
    {
        _folder = folder;
        _isOwn = isOwn;
        _path = path;
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
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

    /// <summary>Puts the files in place, and tells where.</summary>
    /// <returns>Their path, without the extensions.</returns>
    public string Commit(int exitCode)
    {
        _output.Dispose();
        _error.Dispose();
        File.WriteAllText(_temporary + ExitCodeExtension, string.Create(CultureInfo.InvariantCulture, $"{exitCode}\n"));

        // Of an earlier run, whose output this is not.
        if (_isOwn)
        {
            Delete(_path + ExitCodeExtension);
        }

        while (!TryMoveOutput())
        {
            _path = _folder.Next();
        }

        Move(ErrorExtension, overwrite: true);
        Move(ExitCodeExtension, overwrite: true);
        _isCommitted = true;
        return _path;
    }

    /// <summary>Reads an item's number off the name of one of its files.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out long number)
    {
        number = 0;
        int end = name.IndexOf('.');
        return end > 0
            && name[end..] is OutputExtension or ErrorExtension or ExitCodeExtension
            && long.TryParse(name[..end], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Removes what was not put in place.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        if (!_isCommitted)
        {
            Delete(_temporary + OutputExtension);
            Delete(_temporary + ErrorExtension);
            Delete(_temporary + ExitCodeExtension);
        }
    }

    private static void Delete(string path) => BusyFile.Replace(() => File.Delete(path));

    private void Move(string extension, bool overwrite) => BusyFile.Replace(() => File.Move(_temporary + extension, _path + extension, overwrite));

    // Another batch may write into the same folder: the number is whose output comes first.
    private bool TryMoveOutput()
    {
        try
        {
            Move(OutputExtension, overwrite: _isOwn);
            return true;
        }
        catch (IOException) when (!_isOwn && Path.Exists(_path + OutputExtension))
        {
            return false;
        }
    }

    // Without a buffer, what cannot be written fails at once, and nothing is left to fail when the files are closed and removed.
    private FileStream Create(string extension) =>
        new(_temporary + extension, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
}
