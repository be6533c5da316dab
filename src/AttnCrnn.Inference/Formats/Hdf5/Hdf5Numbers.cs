using System.Runtime.InteropServices;
using AttnCrnn.Formats.Hdf5.ObjectHeaders;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>Reads the elements of an HDF5 array as float32 or integers.</summary>
internal static class Hdf5Numbers
{
    /// <exception cref="InvalidFileException">An integer is not exactly representable as float32.</exception>
    public static float[] ReadFloats(Hdf5Bytes file, Hdf5Dataset dataset)
    {
        var values = new float[dataset.Bytes / Hdf5NumberType.GetByteSize(dataset.Type)];
        if (GetFloatType(dataset.Type) is { } type)
        {
            ElementTypes.ToSingles(type, file.GetSpan(dataset.Offset, dataset.Bytes), values);
            return values;
        }
        for (var i = 0; i < values.Length; i++)
        {
            var number = ReadInteger(file, dataset, i);
            values[i] = number;
            if ((Int128)values[i] != number)
                throw file.Error(
                    GetOffset(dataset, i),
                    $"{number} in {InputFile.Quote(dataset.Path)}",
                    "a number that is exactly representable as float32",
                    "it is not a weight: save the model again with float32 weights"
                );
        }
        return values;
    }

    /// <exception cref="InvalidFileException">The array is of floating-point numbers.</exception>
    public static long[] ReadIntegers(Hdf5Bytes file, Hdf5Dataset dataset)
    {
        if (GetFloatType(dataset.Type) is not null)
            throw file.Error(
                dataset.Offset,
                $"{InputFile.Quote(dataset.Path)} of {dataset.Type}",
                "int32, int64 or uint32",
                Hdf5Bytes.SaveAgain
            );
        var values = new long[dataset.Bytes / Hdf5NumberType.GetByteSize(dataset.Type)];
        for (var i = 0; i < values.Length; i++)
            values[i] = ReadInteger(file, dataset, i);
        return values;
    }

    private static string? GetFloatType(string type) =>
        type switch
        {
            "float16" => "F16",
            Hdf5NumberType.Bfloat16 => "BF16",
            "float32" => "F32",
            "float64" => "F64",
            _ => null,
        };

    private static long ReadInteger(Hdf5Bytes file, Hdf5Dataset dataset, int index)
    {
        var source = file.GetSpan(GetOffset(dataset, index), Hdf5NumberType.GetByteSize(dataset.Type));
        return dataset.Type switch
        {
            "int32" => MemoryMarshal.Read<int>(source),
            "uint32" => MemoryMarshal.Read<uint>(source),
            _ => MemoryMarshal.Read<long>(source),
        };
    }

    private static long GetOffset(Hdf5Dataset dataset, int index) =>
        dataset.Offset + ((long)index * Hdf5NumberType.GetByteSize(dataset.Type));
}
