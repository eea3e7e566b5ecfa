namespace Switchyard.Codec.Providers;

/// <summary>
/// A property that the file system provider would have added to a file, made when it is read: of most items of a batch one
/// property is read or none, and each is several texts.
/// </summary>
internal sealed class ProviderNote(string name, FileSystemInfo file, Func<FileSystemInfo, object?> make) : PSNoteProperty(name, null)
{
    private Func<FileSystemInfo, object?>? _make = make;

    public override object? Value
    {
        get
        {
            if (_make is { } make)
            {
                base.Value = make(file);
                _make = null;
            }

            return base.Value;
        }

        set
        {
            _make = null;
            base.Value = value;
        }
    }

    public override PSMemberInfo Copy() => _make is { } make ? new ProviderNote(Name, file, make) : new PSNoteProperty(Name, Value);
}
