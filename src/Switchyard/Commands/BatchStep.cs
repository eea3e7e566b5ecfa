using Switchyard.Core.Control;

namespace Switchyard.Commands;

/// <summary>Something that is asked of a batch.</summary>
/// <param name="Text">What it is called where it is asked about or only said.</param>
/// <param name="Value">What goes with it.</param>
internal readonly record struct BatchStep(ControlAction Action, string Text, long Value = 0);
