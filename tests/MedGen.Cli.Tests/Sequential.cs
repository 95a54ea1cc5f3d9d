// Commands use every core; what one of them must do in time would not be done beside others.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
