namespace Switchyard.Core.Executables.Arguments;

/// <summary>What an argument's placeholders stand for.</summary>
/// <param name="Number">The item's number, from 1; 0 if it is not known yet, and then its placeholder stays.</param>
/// <param name="Slot">The worker's number, from 1; 0 likewise.</param>
internal readonly record struct ArgumentValues(string Item, long Number, int Slot);
