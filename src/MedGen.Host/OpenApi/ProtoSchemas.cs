using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Microsoft.OpenApi;

namespace MedGen.Host.OpenApi;

/// <summary>Messages as schemas, as proto3's JSON mapping spells them; each message once, among the document's components.</summary>
internal sealed class ProtoSchemas(OpenApiDocument document)
{
    private readonly HashSet<string> _known = [];

    /// <summary>A message.</summary>
    public IOpenApiSchema Of(MessageDescriptor message)
    {
        if (WellKnown(message) is { } schema)
        {
            return schema;
        }

        if (_known.Add(message.FullName))
        {
            // Known before its fields are looked at: some messages hold themselves.
            OpenApiSchema made = new()
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>(),
                AdditionalPropertiesAllowed = false,
            };
            document.AddComponent(message.FullName, made);
            foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            {
                made.Properties[field.JsonName] = Of(field);
            }
        }

        return new OpenApiSchemaReference(message.FullName, document);
    }

    /// <summary>A field.</summary>
    public IOpenApiSchema Of(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = One(field.MessageType.Fields[2]) };
        }

        return field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = One(field) } : One(field);
    }

    private IOpenApiSchema One(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType),
        FieldType.Enum => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. field.EnumType.Values.Select(value => JsonValue.Create(value.Name))],
        },
        _ => Scalar(field.FieldType),
    };

    private static OpenApiSchema Scalar(FieldType type) => type switch
    {
        FieldType.Bool => new() { Type = JsonSchemaType.Boolean },
        FieldType.String => new() { Type = JsonSchemaType.String },
        FieldType.Bytes => new() { Type = JsonSchemaType.String, Format = "byte" },
        FieldType.Double => new() { Type = JsonSchemaType.Number, Format = "double" },
        FieldType.Float => new() { Type = JsonSchemaType.Number, Format = "float" },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new() { Type = JsonSchemaType.Integer, Format = "int32" },
        FieldType.UInt32 or FieldType.Fixed32 => new() { Type = JsonSchemaType.Integer, Format = "uint32" },

        // JavaScript has no whole numbers above 2^53.
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => new() { Type = JsonSchemaType.String, Format = "int64" },
        FieldType.UInt64 or FieldType.Fixed64 => new() { Type = JsonSchemaType.String, Format = "uint64" },
        _ => throw new InvalidOperationException($"JSON has no form for a field of the type {type}."),
    };

    private static OpenApiSchema? WellKnown(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Timestamp" => new() { Type = JsonSchemaType.String, Format = "date-time" },
        "google.protobuf.Duration" => new() { Type = JsonSchemaType.String, Pattern = @"^-?[0-9]+(\.[0-9]+)?s$" },
        "google.protobuf.Struct" or "google.protobuf.Any" or "google.protobuf.Empty" => new() { Type = JsonSchemaType.Object },
        "google.protobuf.Value" => new(),
        "google.protobuf.ListValue" => new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema() },
        _ when message.File.Name == "google/protobuf/wrappers.proto" => Nullable(Scalar(message.Fields[1].FieldType)),
        _ => null,
    };

    private static OpenApiSchema Nullable(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }
}
