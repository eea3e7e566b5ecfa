using System.Security.Cryptography;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>A module that far workers are sent, where they do not have it from before.</summary>
/// <param name="Name">By which it is imported.</param>
/// <param name="Folder">Where it is at the caller.</param>
/// <param name="Hash">Of the name and all files.</param>
internal sealed record SentModule(string Name, string Folder, IReadOnlyList<SentFile> Files, string Hash)
{
    /// <summary>What far workers call the service that they get them from, by their hashes.</summary>
    public const string Service = "modules";

    /// <exception cref="IOException">A file cannot be read; or <see cref="UnauthorizedAccessException"/>.</exception>
    /// <exception cref="FileTransferException">One has changed meanwhile.</exception>
    public static SentModule Read(string name, string folder)
    {
        IReadOnlyList<SentFile> files = FolderFiles.Find(folder);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(name);
        byte[] buffer = new byte[64 * 1024];
        foreach (SentFile file in files)
        {
            using FileStream content = FileArchive.Open(file, out UnixFileMode mode);
            Add($"{file.Target}\0{file.Length}\0{(int)mode}");
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, count);
            }
        }

        return new SentModule(name, folder, files, Convert.ToHexString(hash.GetHashAndReset())[..32]);

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + '\0'));
    }
}
