using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Switchyard.Core.Choices;

/// <summary>Makes the key that a choice is kept under. No text of a body gets into the file.</summary>
internal static class ChoiceKey
{
    /// <param name="parts">What the choice depends on, in an order that stays. An absent part is another one than an empty one.</param>
    public static string Of(params ReadOnlySpan<string?> parts)
    {
        using MemoryStream text = new();
        using BinaryWriter writer = new(text);
        foreach (string? part in parts)
        {
            // With its length, so that what is cut elsewhere is another key.
            writer.Write(part?.Length ?? -1);
            writer.Write(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        return Convert.ToHexString(SHA256.HashData(text.GetBuffer().AsSpan(0, (int)text.Length)));
    }
}
