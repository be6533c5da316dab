// Reads the metadata of an ONNX model from the file, because ONNX Runtime for browsers does not expose it: a protocol
// buffer whose fields 14 are key/value pairs (onnx.proto, ModelProto.metadata_props).
export function metadataOf(model) {
  const metadata = {};
  for (const [field, bytes] of fields(model)) {
    if (field !== 14) continue;
    const pair = Object.fromEntries(fields(bytes));
    metadata[text(pair[1])] = text(pair[2]);
  }
  return metadata;
}

function* fields(bytes) {
  let at = 0;
  const number = () => {
    let value = 0, factor = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128; // shifts are limited to 32 bits
    }
  };
  while (at < bytes.length) {
    const tag = number(), kind = tag & 7;
    if (kind === 0) number();
    else if (kind === 1 || kind === 5) at += kind === 1 ? 8 : 4;
    else if (kind === 2) {
      const length = number();
      yield [tag >> 3, bytes.subarray(at, at + length)];
      at += length;
    } else throw new Error("this file is not an ONNX model");
  }
}

const text = bytes => bytes ? new TextDecoder().decode(bytes) : "";
