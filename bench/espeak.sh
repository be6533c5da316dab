#!/usr/bin/env bash
# Speech for `bench/run vad --source OUT`: 120 recordings by eSpeak NG (the package espeak-ng), in 8 languages, of
# 5 voices at 3 speeds.  bench/espeak.sh OUT
set -euo pipefail
[ $# = 1 ] || { echo "usage: bench/espeak.sh OUT" >&2; exit 2; }
out=$1
mkdir -p "$out"
speak() {
    local language=$1 text=$2 voice speed
    for voice in m1 m3 m7 f1 f4; do
        for speed in 130 175 220; do
            espeak-ng -v "$language+$voice" -s "$speed" -w "$out/${language}_${voice}_$speed.wav" "$text"
        done
    done
}
speak en-us 'Kids are talking by the door.'
speak en-gb 'The train to the city leaves at seven.'
speak de 'Der Zug in die Stadt fährt um sieben.'
speak fr 'Le train pour la ville part à sept heures.'
speak es 'El tren a la ciudad sale a las siete.'
speak it 'Il treno per la città parte alle sette.'
speak pl 'Pociąg do miasta odjeżdża o siódmej.'
speak ru 'Поезд в город отправляется в семь часов.'
