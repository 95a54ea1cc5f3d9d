using Xunit.Sdk;
using Xunit.v3;

// Leak tests count the live tensors of the whole process, and libtorch uses every core by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
