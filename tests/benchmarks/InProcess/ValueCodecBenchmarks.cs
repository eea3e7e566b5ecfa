using System.Management.Automation;
using BenchmarkDotNet.Attributes;
using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;

namespace Switchyard.Benchmarks;

/// <summary>What a value costs on its way to another process, beside the engine's own serializer.</summary>
public class ValueCodecBenchmarks
{
    private readonly WireWriter _writer = new();
    private readonly WireReader _reader = new();
    private readonly ValueWriter _values = new();
    private readonly ValueReader _read = new(new ProviderObjects([], []), SharedObject.Read);
    private object? _value;
    private byte[] _written = [];

    /// <summary>What is sent.</summary>
    public enum Kind
    {
        /// <summary>A number.</summary>
        Number,

        /// <summary>A custom object with five properties.</summary>
        CustomObject,

        /// <summary>A file, by its path.</summary>
        File,
    }

    /// <summary>What is sent.</summary>
    [ParamsAllValues]
    public Kind Value { get; set; }

    /// <summary>Makes it.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        PSObject custom = new();
        foreach (string name in new[] { "Name", "Path", "Kind", "Owner" })
        {
            custom.Properties.Add(new PSNoteProperty(name, "the value of " + name));
        }

        custom.Properties.Add(new PSNoteProperty("Length", 12345));
        _value = Value switch
        {
            Kind.Number => 12345,
            Kind.CustomObject => custom,
            _ => new FileInfo("/some/folder/with a file.txt"),
        };
        Encode();
        _written = _writer.WrittenSpan.ToArray();
    }

    /// <summary>Ours, writing.</summary>
    /// <returns>The bytes in the frame.</returns>
    [Benchmark]
    public int Encode()
    {
        _writer.Clear();
        _values.Write(_writer, _value);
        return _writer.Length;
    }

    /// <summary>Ours, reading.</summary>
    /// <returns>The value.</returns>
    [Benchmark]
    public object? Decode()
    {
        _reader.Reset(_written, 0, _written.Length, []);
        return _read.Read(_reader);
    }

    /// <summary>The engine's, there and back.</summary>
    /// <returns>The value.</returns>
    [Benchmark(Baseline = true)]
    public object CliXml() => PSSerializer.Deserialize(PSSerializer.Serialize(_value));
}
