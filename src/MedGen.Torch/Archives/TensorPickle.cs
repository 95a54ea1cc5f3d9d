using System.Buffers.Binary;
using System.Text;
using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Archives;

/// <summary>
/// Reads the pickle of a state dict: the instructions of protocol 2 that torch.save writes for tensors by name, and no other. Nothing is executed:
/// the five kinds of name that may occur are known here by their meaning, and any other one ends the reading with its name.
/// </summary>
internal sealed class TensorPickle
{
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string OrderedDict = "collections.OrderedDict";

    private static readonly Dictionary<string, SafetensorsDataType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = SafetensorsDataType.F64,
        ["torch.FloatStorage"] = SafetensorsDataType.F32,
        ["torch.HalfStorage"] = SafetensorsDataType.F16,
        ["torch.BFloat16Storage"] = SafetensorsDataType.BF16,
        ["torch.LongStorage"] = SafetensorsDataType.I64,
        ["torch.IntStorage"] = SafetensorsDataType.I32,
        ["torch.ShortStorage"] = SafetensorsDataType.I16,
        ["torch.CharStorage"] = SafetensorsDataType.I8,
        ["torch.ByteStorage"] = SafetensorsDataType.U8,
        ["torch.BoolStorage"] = SafetensorsDataType.Bool,
    };

    private readonly byte[] _pickle;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;

    private TensorPickle(byte[] pickle) => _pickle = pickle;

    /// <summary>The tensors of a pickle by name, in its order.</summary>
    /// <exception cref="InvalidDataException">It holds anything else; what that is is named.</exception>
    public static OrderedDictionary<string, PickledTensor> Read(byte[] pickle)
    {
        TensorPickle reader = new(pickle);
        if (reader.Run() is not OrderedDictionary<string, object?> items)
        {
            throw new InvalidDataException("it holds no dictionary of tensors");
        }

        OrderedDictionary<string, PickledTensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, object? value) in items)
        {
            tensors.Add(name, value as PickledTensor ?? throw new InvalidDataException($"'{name}' is no tensor; a file of tensors by name is read"));
        }

        return tensors;
    }

    private object? Run()
    {
        while (true)
        {
            byte code = Byte();
            switch ((char)code)
            {
                case '\x80':
                    if (Byte() is var protocol && protocol != 2)
                    {
                        throw new InvalidDataException($"pickle protocol {protocol} is not read; torch writes 2");
                    }

                    break;
                case '.':
                    return Pop();
                case '(':
                    _marks.Push(_stack.Count);
                    break;
                case '}':
                    Push(NewDictionary());
                    break;
                case ']':
                    Push(new List<object?>());
                    break;
                case ')':
                    Push(new PickledTuple([]));
                    break;
                case 't':
                    Push(new PickledTuple(PopToMark()));
                    break;
                case '\x85' or '\x86' or '\x87':
                    Push(new PickledTuple(PopMany(code - 0x84)));
                    break;
                case 'N':
                    Push(null);
                    break;
                case '\x88' or '\x89':
                    Push(code == 0x88);
                    break;
                case 'K':
                    Push((long)Byte());
                    break;
                case 'M':
                    Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                    break;
                case 'J':
                    Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                    break;
                case '\x8a':
                    Push(Long(Bytes(Byte())));
                    break;
                case 'G':
                    Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                    break;
                case 'X':
                    Push(Encoding.UTF8.GetString(Bytes(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)))));
                    break;
                case 'q':
                    _memo[Byte()] = Peek();
                    break;
                case 'r':
                    _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek();
                    break;
                case 'h':
                    Push(Memo(Byte()));
                    break;
                case 'j':
                    Push(Memo(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                    break;
                case 'c':
                    Push(Global($"{Line()}.{Line()}"));
                    break;
                case 'Q':
                    Push(Storage(Pop()));
                    break;
                case 'R':
                    IReadOnlyList<object?> arguments = Pop<PickledTuple>().Items;
                    Push(Call(Pop<PickledGlobal>().Name, arguments));
                    break;
                case 's':
                    SetItems(PopMany(2));
                    break;
                case 'u':
                    SetItems(PopToMark());
                    break;
                case 'a' or 'e':
                    List<object?> more = code == 'a' ? PopMany(1) : PopToMark();
                    Peek<List<object?>>().AddRange(more);
                    break;
                case 'b':
                    // The attributes of a state dict (_metadata: versions of modules), which tensors do not need.
                    Pop();
                    Peek<OrderedDictionary<string, object?>>();
                    break;
                default:
                    throw new InvalidDataException($"pickle instruction 0x{code:x2} at byte {_at - 1} is not one of those that tensors need");
            }
        }
    }

    private static OrderedDictionary<string, object?> NewDictionary() => new(StringComparer.Ordinal);

    private static PickledGlobal Global(string name) => name is RebuildTensor or OrderedDict || Storages.ContainsKey(name)
        ? new PickledGlobal(name)
        : throw new InvalidDataException($"it asks for '{name}', which is not one of the names that tensors need");

    private static object Call(string name, IReadOnlyList<object?> arguments) => (name, arguments) switch
    {
        (OrderedDict, []) => NewDictionary(),
        (
            RebuildTensor,
            [PickledStorage storage, long offset, PickledTuple shape, PickledTuple strides, bool, OrderedDictionary<string, object?> { Count: 0 }]) =>
            new PickledTensor(storage, offset, Longs(shape), Longs(strides)),
        _ => throw new InvalidDataException($"'{name}' is called with arguments that are not known"),
    };

    private static PickledStorage Storage(object? id) => id is PickledTuple { Items: ["storage", PickledGlobal type, string key, string, long count] }
        && Storages.TryGetValue(type.Name, out SafetensorsDataType dataType)
        ? new PickledStorage(key, dataType, count)
        : throw new InvalidDataException("it refers to something that is no storage");

    private static long[] Longs(PickledTuple tuple) =>
        [.. tuple.Items.Select(item => item is long and >= 0 ? (long)item : throw new InvalidDataException("a size is no whole number"))];

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
        {
            throw new InvalidDataException("a whole number is beyond 64 bits");
        }

        Span<byte> wide = stackalloc byte[8];
        wide.Fill(bytes is [.., >= 0x80] ? (byte)0xFF : (byte)0);
        bytes.CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    private void SetItems(List<object?> items)
    {
        OrderedDictionary<string, object?> target = Peek<OrderedDictionary<string, object?>>();
        for (int i = 0; i < items.Count; i += 2)
        {
            if (i + 1 == items.Count || items[i] is not string name || !target.TryAdd(name, items[i + 1]))
            {
                throw new InvalidDataException("a dictionary has a key that is no text, or one twice");
            }
        }
    }

    private object? Memo(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw new InvalidDataException("it refers to a value that is not there");

    private void Push(object? value) => _stack.Add(value);

    private object? Pop() => PopMany(1)[0];

    private T Pop<T>() => Pop() is T value ? value : throw new InvalidDataException("a value has another type than its use needs");

    private object? Peek() => _stack.Count > Bottom ? _stack[^1] : throw new InvalidDataException("it takes a value that is not there");

    private T Peek<T>() => Peek() is T value ? value : throw new InvalidDataException("a value has another type than its use needs");

    private int Bottom => _marks.TryPeek(out int mark) ? mark : 0;

    private List<object?> PopMany(int count)
    {
        if (_stack.Count - Bottom < count)
        {
            throw new InvalidDataException("it takes a value that is not there");
        }

        List<object?> values = _stack[^count..];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private List<object?> PopToMark()
    {
        List<object?> values = PopMany(_stack.Count - Bottom);
        return _marks.TryPop(out _) ? values : throw new InvalidDataException("it takes a value that is not there");
    }

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _pickle.Length - _at)
        {
            throw new InvalidDataException("the pickle is cut short");
        }

        _at += count;
        return _pickle.AsSpan(_at - count, count);
    }

    private string Line()
    {
        int end = Array.IndexOf(_pickle, (byte)'\n', _at);
        string line = Encoding.UTF8.GetString(Bytes((end < 0 ? _pickle.Length : end) - _at));
        Byte();
        return line;
    }
}
