"""Print the label probabilities of a recording: python3 predict.py MODEL.onnx RECORDING.wav (16 kHz)"""
import json
import sys

import onnxruntime
import soundfile

model = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
metadata = model.get_modelmeta().custom_metadata_map
samples, rate = soundfile.read(sys.argv[2], dtype="float32", always_2d=True)
if rate != int(metadata["sample_rate_hz"]):
    sys.exit(
        f"{sys.argv[2]}: {rate} Hz; resample it to {metadata['sample_rate_hz']} Hz first: "
        "ffmpeg -i IN -ar 16000 OUT.wav"
    )
if len(samples) < int(metadata["least_samples"]):
    sys.exit(f"{sys.argv[2]}: {len(samples)} samples; the model needs at least {metadata['least_samples']}")
if len(samples) > int(metadata.get("max_samples", len(samples))):
    sys.exit(
        f"{sys.argv[2]}: {len(samples)} samples; the model takes at most {metadata['max_samples']}: "
        "split the recording"
    )
(probabilities,) = model.run(["probabilities"], {"samples": samples.mean(axis=1)})
for label, probability in sorted(zip(json.loads(metadata["labels"]), probabilities), key=lambda pair: -pair[1]):
    print(f"{label:12s} {probability:.4f}")
