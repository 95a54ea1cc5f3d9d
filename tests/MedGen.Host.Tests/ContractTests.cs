using Google.Protobuf.Reflection;

namespace MedGen.Host.Tests;

/// <summary>What holds for every proto file.</summary>
public class ContractTests
{
    // Python's keywords; a field with such a name cannot be written as message.field there.
    private static readonly HashSet<string> Reserved =
    [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from",
        "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];

    [Fact]
    public void Names_InAnyProtoFile_AreNoReservedWordsOfPython()
    {
        FileDescriptor[] files =
        [
            .. typeof(Protos.V1.JobEvent).Assembly.GetTypes()
                .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
                .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!),
        ];

        files.Length.ShouldBe(Directory.GetFiles(RepositoryRoot.Path("protos", "medgen", "v1"), "*.proto").Length);
        files.SelectMany(NamesIn).Where(Reserved.Contains).ShouldBeEmpty();
    }

    private static IEnumerable<string> NamesIn(FileDescriptor file) =>
    [
        .. file.MessageTypes.SelectMany(NamesIn),
        .. file.EnumTypes.SelectMany(NamesIn),
        .. file.Services.SelectMany(service => service.Methods.Select(method => method.Name).Append(service.Name)),
    ];

    private static IEnumerable<string> NamesIn(MessageDescriptor message) =>
    [
        message.Name,
        .. message.Fields.InDeclarationOrder().Select(field => field.Name),
        .. message.Oneofs.Select(oneof => oneof.Name),
        .. message.NestedTypes.SelectMany(NamesIn),
        .. message.EnumTypes.SelectMany(NamesIn),
    ];

    private static IEnumerable<string> NamesIn(EnumDescriptor names) => names.Values.Select(value => value.Name).Append(names.Name);
}
