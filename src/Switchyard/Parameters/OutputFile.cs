namespace Switchyard.Parameters;

/// <summary>Finds out where a file is to go, before there is anything to write into it.</summary>
internal static class OutputFile
{
    /// <summary>Makes a full path of what a parameter was given.</summary>
    /// <exception cref="IOException">There is a folder, or none to put the file into.</exception>
    /// <exception cref="NotSupportedException">The path is of a drive without files.</exception>
    /// <exception cref="RuntimeException">There is no such drive.</exception>
    public static string Resolve(string path, SessionState session)
    {
        string file = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name != "FileSystem" ? throw new NotSupportedException(MessageText.Format(Messages.ProviderWithoutFiles, provider.Name))
            : Directory.Exists(file) ? throw new IOException(Messages.FileIsFolder)
            : !Directory.Exists(Path.GetDirectoryName(file)) ? throw new DirectoryNotFoundException(Messages.FileWithoutFolder)
            : file;
    }
}
