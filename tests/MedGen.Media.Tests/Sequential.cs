// Tests count the children and the memory of this process, so no other test may run beside them. A class that names a collection of its own would.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
