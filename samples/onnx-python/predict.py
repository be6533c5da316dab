"""Print the label probabilities (or the values) of a recording: python3 predict.py MODEL.onnx RECORDING.wav (16 kHz)"""
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
(outputs,) = model.run(None, {"samples": samples.mean(axis=1)})
predictions = list(zip(json.loads(metadata["labels"]), outputs))
if metadata.get("outputs") != "values":  # arousal, dominance and valence have no order
    predictions.sort(key=lambda pair: -pair[1])
for label, output in predictions:
    print(f"{label:12s} {output:.4f}")
