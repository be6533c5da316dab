import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";
import { metadataOf } from "./metadata.js";

const SAMPLE_RATE_HZ = 16000;
ort.env.wasm.numThreads = 1; // more need a page that is isolated from others (COOP and COEP headers)
ort.env.wasm.wasmPaths = new URL("./node_modules/onnxruntime-web/dist/", import.meta.url).href;

// A model of `attn-crnn export RUN --to onnx --waveform`, and the weights beside it where it has any.
async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}. Export a model with --waveform and put it there.`);
  const bytes = new Uint8Array(await answer.arrayBuffer()), words = metadataOf(bytes);
  if (!words.sample_rate_hz) throw new Error(`${url} takes frames, not sound: export it with --waveform.`);
  const beside = words.weights_file;
  const session = await ort.InferenceSession.create(bytes, beside ? { externalData: [{ path: beside, data: new URL(beside, new URL(url, location)).href }] } : {});
  return { session, words, labels: JSON.parse(words.labels) };
}

// Any recording the browser can play, as one channel of 16 kHz.
async function samplesOf(file, least, max) {
  const sound = await new OfflineAudioContext(1, 1, SAMPLE_RATE_HZ).decodeAudioData(await file.arrayBuffer());
  const mono = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++)
    sound.getChannelData(channel).forEach((value, i) => { mono[i] += value / sound.numberOfChannels; });
  if (mono.length < least) throw new Error(`This recording is shorter than ${least / SAMPLE_RATE_HZ} seconds.`);
  if (mono.length > max) throw new Error(`This recording is longer than the ${max / SAMPLE_RATE_HZ} seconds that the model takes at once: cut it.`);
  return mono;
}

async function judge(model, samples) {
  const { probabilities } = await model.session.run({ samples: new ort.Tensor("float32", samples, [samples.length]) });
  return model.labels.map((label, i) => ({ label, share: probabilities.data[i] }));
}

function show(shares) {
  const order = [...shares].sort((a, b) => b.share - a.share);
  document.getElementById("shares").replaceChildren(...order.map(({ label, share }, i) => {
    const row = document.createElement("tr"), bar = document.createElement("div");
    row.className = i === 0 ? "best" : "";
    row.dataset.share = share;
    bar.className = "bar";
    bar.style.width = `${100 * share}%`;
    row.append(cell(label), cell(bar), cell(share.toFixed(3)));
    return row;
  }));
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
  const synthetic = model.words.synthetic ? " It learned from generated recordings, and knows nothing about people." : "";
  document.getElementById("model").textContent = `Frames by ${model.words.encoder}; made by attn-crnn ${model.words.attn_crnn_version}.${synthetic}`;
  status.textContent = "Ready.";
  input.disabled = false;
  input.addEventListener("change", async () => {
    try {
      status.textContent = "Listening…";
      const samples = await samplesOf(input.files[0], Number(model.words.least_samples), Number(model.words.max_samples ?? Infinity)), begin = performance.now();
      show(await judge(model, samples));
      status.textContent = `${input.files[0].name}: ${(samples.length / SAMPLE_RATE_HZ).toFixed(1)} s, judged in ${Math.round(performance.now() - begin)} ms.`;
    } catch (fault) {
      status.textContent = fault.message;
    }
  });
} catch (fault) {
  status.textContent = fault.message;
}
