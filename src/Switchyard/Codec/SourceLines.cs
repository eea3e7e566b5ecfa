namespace Switchyard.Codec;

/// <summary>
/// The lines of the file that a batch's code stands in. Worker processes know only the code itself, and show white space where the rest
/// of the file was: an error's line is made whole again where the file is known.
/// </summary>
internal sealed class SourceLines(ScriptBlock block)
{
    private readonly Lazy<string[]> _lines = new(() => block.Ast.Extent.StartScriptPosition.GetFullScript()?.Split('\n') ?? []);

    /// <summary>Makes a line whole.</summary>
    /// <param name="file">The file that it is said to be of; null for none.</param>
    /// <param name="number">Its number, from 1.</param>
    public string Complete(string? file, int number, string line)
    {
        if (file != block.Ast.Extent.File || number < 1 || number > _lines.Value.Length)
        {
            return line;
        }

        string whole = _lines.Value[number - 1].TrimEnd('\r');
        if (!Shows(line.TrimEnd('\r', '\n'), whole))
        {
            return line;
        }

        // As the engine has it: with its end, if it has one.
        return number < _lines.Value.Length ? whole + "\n" : whole;
    }

    // All that is not white space stands where it stands in the whole line; at most the braces are gone.
    private static bool Shows(string line, string whole)
    {
        string trimmed = line.TrimEnd();
        if (trimmed.Length > whole.Length || trimmed.Length == 0)
        {
            return false;
        }

        for (int i = 0; i < trimmed.Length; i++)
        {
            if (!char.IsWhiteSpace(trimmed[i]) && trimmed[i] != whole[i])
            {
                return false;
            }
        }

        return true;
    }
}
