// Leak tests count the live tensors of the whole process, and libtorch uses every core by itself.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
