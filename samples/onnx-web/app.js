import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";
import { metadataOf } from "./metadata.js";

const SAMPLE_RATE_HZ = 16000;
ort.env.wasm.numThreads = 1; // more require cross-origin isolation (COOP and COEP headers)
ort.env.wasm.wasmPaths = new URL("./node_modules/onnxruntime-web/dist/", import.meta.url).href;

// Loads a model of `attn-crnn export MODEL --to onnx --waveform`, and its external weights if any.
async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}. Export a model with --waveform and copy it there.`);
  const bytes = new Uint8Array(await response.arrayBuffer()), metadata = metadataOf(bytes);
  if (!metadata.sample_rate_hz) throw new Error(`${url} takes frames, not sound: export it with --waveform.`);
  const weightsFile = metadata.weights_file;
  const externalData = weightsFile
    ? [{ path: weightsFile, data: new URL(weightsFile, new URL(url, location)).href }]
    : undefined;
  const session = await ort.InferenceSession.create(bytes, externalData ? { externalData } : {});
  return { session, metadata, labels: JSON.parse(metadata.labels) };
}

// Decodes any recording that the browser can play to 16 kHz mono.
async function decode(file, min, max) {
  const sound = await new OfflineAudioContext(1, 1, SAMPLE_RATE_HZ).decodeAudioData(await file.arrayBuffer());
  const mono = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++)
    sound.getChannelData(channel).forEach((value, i) => { mono[i] += value / sound.numberOfChannels; });
  if (mono.length < min) throw new Error(`This recording is shorter than ${min / SAMPLE_RATE_HZ} seconds.`);
  if (mono.length > max)
    throw new Error(`This recording is longer than the ${max / SAMPLE_RATE_HZ} seconds that a model takes: split it.`);
  return mono;
}

// Dimensional models (arousal, dominance, valence) have values instead of probabilities.
const hasValues = model => model.metadata.outputs === "values";

async function classify(model, samples) {
  const outputs = await model.session.run({ samples: new ort.Tensor("float32", samples, [samples.length]) });
  const { data } = outputs[hasValues(model) ? "values" : "probabilities"];
  return model.labels.map((label, i) => ({ label, output: data[i] }));
}

function show(model, predictions) {
  const order = hasValues(model) ? predictions : [...predictions].sort((a, b) => b.output - a.output);
  document.getElementById("predictions").replaceChildren(...order.map(({ label, output }, i) => {
    const row = document.createElement("tr"), bar = document.createElement("div");
    row.className = i === 0 && !hasValues(model) ? "best" : "";
    row.dataset.output = output;
    bar.className = "bar";
    bar.style.width = `${100 * Math.min(1, Math.max(0, output))}%`;
    row.append(cell(label), cell(bar), cell(output.toFixed(3)));
    return row;
  }));
}

function describe({ classifier, model_type, training_data, encoder, attn_crnn_version, synthetic }) {
  const origin = classifier
    ? `${classifier} (${model_type}); training data: ${training_data}`
    : `Frames by ${encoder}`;
  const warning = synthetic ? " It was trained on synthetic speech and is not valid for real speech." : "";
  return `${origin}; exported by attn-crnn ${attn_crnn_version}.${warning}`;
}

function cell(content) {
  const td = document.createElement("td");
  td.append(content);
  return td;
}

const status = document.getElementById("status"), input = document.getElementById("recording");
input.disabled = true;
try {
  const model = await load(new URLSearchParams(location.search).get("model") ?? "model.onnx");
  document.getElementById("model").textContent = describe(model.metadata);
  status.textContent = "Ready.";
  input.disabled = false;
  input.addEventListener("change", async () => {
    try {
      status.textContent = "Listening…";
      const { least_samples: min, max_samples: max } = model.metadata;
      const samples = await decode(input.files[0], Number(min), Number(max ?? Infinity)), begin = performance.now();
      show(model, await classify(model, samples));
      const seconds = (samples.length / SAMPLE_RATE_HZ).toFixed(1), elapsed = Math.round(performance.now() - begin);
      status.textContent = `${input.files[0].name}: ${seconds} s, classified in ${elapsed} ms.`;
    } catch (error) {
      status.textContent = error.message;
    }
  });
} catch (error) {
  status.textContent = error.message;
}
