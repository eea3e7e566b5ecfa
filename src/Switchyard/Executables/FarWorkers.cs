using Switchyard.Core.Executables;

namespace Switchyard.Executables;

/// <summary>Makes the workers that run a program on other machines.</summary>
/// <param name="options">Of the program, as the caller names it.</param>
/// <param name="changes">What is changed of the environment there.</param>
internal delegate IWorkerFactory FarWorkers(ExecutableOptions options, IReadOnlyList<KeyValuePair<string, string?>> changes, IExecutableCalls calls);
