namespace AttnCrnn.Onnx;

/// <summary>A tensor's element type, with the values of ONNX' TensorProto.DataType.</summary>
internal enum ElementType
{
    Float32 = 1,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Float16 = 10,
    Float64 = 11,
    BFloat16 = 16,
}
