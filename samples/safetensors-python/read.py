"""Read a model exported with --to safetensors: python3 read.py MODEL.safetensors"""
import json, pathlib, sys
path = pathlib.Path(sys.argv[1])
model, file = json.loads(path.with_suffix(".json").read_bytes()), memoryview(path.read_bytes())
start = 8 + int.from_bytes(file[:8], "little")  # the header: its length, then JSON
header, data = json.loads(bytes(file[8:start])), file[start:]
tensors = {name: (t["shape"], data[slice(*t["data_offsets"])].cast("f")) for name, t in header.items()}
print(model["network"]["version"], *model["labels"], sep="\t")
for name, (shape, values) in tensors.items():  # float32 in row-major order
    print(name, shape, values[0], sep="\t")
