using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Turns the names that PowerShell has for encodings, and code pages, into encodings.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return value switch
        {
            Encoding encoding => encoding,
            int codePage => Encoding.GetEncoding(codePage),
            string name => FromName(name),
            _ => value,
        };
    }

    private static Encoding FromName(string name) => name.ToUpperInvariant() switch
    {
        "ASCII" => Encoding.ASCII,
        "UTF8" or "UTF8NOBOM" or "DEFAULT" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        "UTF8BOM" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        "UNICODE" or "STRING" or "UNKNOWN" => Encoding.Unicode,
        "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
        "UTF32" => Encoding.UTF32,
        "BIGENDIANUTF32" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        "ANSI" => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
        "OEM" => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.OEMCodePage),
        _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int page) ? Encoding.GetEncoding(page) : Encoding.GetEncoding(name),
    };
}
