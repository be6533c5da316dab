namespace AttnCrnn.Formats.Hdf5;

/// <summary>One array of an HDF5 file.</summary>
/// <param name="Path">As in <c>layers/conv1d/vars/0</c>.</param>
/// <param name="Shape">Elements a dimension; empty for a single number.</param>
/// <param name="Type">float16, bfloat16, float32, float64, int32, int64 or uint32.</param>
/// <param name="Offset">The first element's byte, counted from the file's start.</param>
/// <param name="Bytes">Of all elements, which stand in row-major order.</param>
internal sealed record Hdf5Dataset(string Path, IReadOnlyList<long> Shape, string Type, long Offset, long Bytes);
