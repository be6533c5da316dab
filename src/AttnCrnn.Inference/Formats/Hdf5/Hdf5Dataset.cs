namespace AttnCrnn.Formats.Hdf5;

/// <summary>One array of an HDF5 file.</summary>
/// <param name="Path">For example <c>layers/conv1d/vars/0</c>.</param>
/// <param name="Shape">Size of each dimension; empty for a scalar.</param>
/// <param name="Type">float16, bfloat16, float32, float64, int32, int64 or uint32.</param>
/// <param name="Offset">File offset of the first element.</param>
/// <param name="Bytes">Size in bytes of all elements, in row-major order.</param>
internal sealed record Hdf5Dataset(string Path, IReadOnlyList<long> Shape, string Type, long Offset, long Bytes);
