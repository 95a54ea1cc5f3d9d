// Tests count the children of this process to find one that was left behind, so no other test may run beside them.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
