namespace Switchyard.Tests.Engine;

/// <summary>Asks for the module without some of the engine's members.</summary>
/// <param name="Hidden">Their names, separated by commas; empty for none, <c>*</c> for all.</param>
/// <param name="RunsChecks">Whether the checks are to be run; otherwise it only is loaded.</param>
internal sealed record HiddenMembersRequest(string Hidden, bool RunsChecks);
