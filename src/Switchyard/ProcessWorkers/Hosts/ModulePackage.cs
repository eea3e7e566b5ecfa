using System.IO.Compression;
using System.Security.Cryptography;
using Switchyard.Engine;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>What another machine needs of this module to be a worker's: its own files, without those that only some commands load.</summary>
internal static class ModulePackage
{
    private static readonly string[] _names = ["Switchyard.psd1", "Switchyard.format.ps1xml", WorkerEntryPoint.Loader, "Switchyard.dll", "Switchyard.Core.dll"];

    // Both are the same for as long as this process has the module loaded.
    private static readonly Lazy<string> _hash = new(ComputeHash);
    private static readonly Lazy<byte[]> _archive = new(Pack);

    /// <summary>What another machine knows it by, if it has it already.</summary>
    public static string Hash => _hash.Value;

    /// <summary>A zip archive of the files.</summary>
    public static byte[] Archive => _archive.Value;

    private static string ComputeHash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in _names)
        {
            hash.AppendData(File.ReadAllBytes(Path.Combine(ModuleFolders.Own, name)));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..32];
    }

    private static byte[] Pack()
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in _names)
            {
                archive.CreateEntryFromFile(Path.Combine(ModuleFolders.Own, name), name);
            }
        }

        return bytes.ToArray();
    }
}
