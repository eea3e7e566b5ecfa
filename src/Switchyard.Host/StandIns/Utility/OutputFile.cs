using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Opens the file that a command was told to write to.</summary>
internal static class OutputFile
{
    /// <summary>Opens a file by its PowerShell path; what prevents it ends the command.</summary>
    public static StreamWriter Open(PSCmdlet command, string path, bool literal, Encoding encoding, bool append, bool noClobber, bool force)
    {
        string file = FullPath(command, path, literal);
        try
        {
            var info = new FileInfo(file);
            if (force && info is { Exists: true, IsReadOnly: true })
            {
                info.IsReadOnly = false;
            }

            FileMode mode = append ? FileMode.Append : noClobber ? FileMode.CreateNew : FileMode.Create;
            var stream = new FileStream(file, mode, FileAccess.Write, force ? FileShare.ReadWrite : FileShare.Read);
            return new StreamWriter(stream, encoding);
        }
        catch (IOException error) when (noClobber && File.Exists(file))
        {
            string message = $"The file '{file}' already exists.";
            throw Terminate(command, new IOException(message, error), "NoClobber", ErrorCategory.ResourceExists, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Terminate(command, error, "FileOpenFailure", ErrorCategory.OpenError, file);
        }
    }

    private static string FullPath(PSCmdlet command, string path, bool literal)
    {
        if (!literal && WildcardPattern.ContainsWildcardCharacters(path))
        {
            try
            {
                var found = command.SessionState.Path.GetResolvedPSPathFromPSPath(path);
                if (found.Count == 1)
                {
                    return found[0].ProviderPath;
                }
            }
            catch (ItemNotFoundException)
            {
                // Nothing has that name yet: it is the new file's.
            }
        }

        string file = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name == "FileSystem"
            ? file
            : throw Terminate(
                command,
                new NotSupportedException($"Cannot open file because the current provider ({provider.Name}) cannot open a file."),
                "ReadWriteFileNotFileSystemProvider",
                ErrorCategory.InvalidArgument,
                path);
    }

    private static PipelineStoppedException Terminate(PSCmdlet command, Exception error, string id, ErrorCategory category, string file)
    {
        command.ThrowTerminatingError(new ErrorRecord(error, id, category, file));

        // Not reached: it is there for the callers' flow analysis.
        return new PipelineStoppedException();
    }
}
