// One sound for each verdict, told apart with eyes closed: two rising notes, two equal ones, a low falling buzz.

const TUNES = {
  ok: { wave: "sine", notes: [[880, 0, 0.12], [1320, 0.13, 0.2]] },
  doubt: { wave: "triangle", notes: [[587, 0, 0.16], [587, 0.24, 0.16]] },
  stop: { wave: "sawtooth", notes: [[233, 0, 0.25], [156, 0.27, 0.45]] },
};
const LOUDNESS = { sine: 0.5, triangle: 0.6, sawtooth: 0.25 };

let context = null;

/** A browser lets a page sound only after a touch: call this on every touch. Answers whether sounds are heard. */
export async function wakeSound() {
  context ??= globalThis.AudioContext ? new AudioContext() : null;
  if (context?.state === "suspended") await Promise.race([context.resume(), new Promise((go) => setTimeout(go, 300))]);
  return context?.state === "running";
}

export const audible = () => context?.state === "running";

export function play(shape) {
  if (!audible()) return;
  const { wave, notes } = TUNES[shape];
  for (const [pitch, after, length] of notes) {
    const start = context.currentTime + after;
    const tone = new OscillatorNode(context, { type: wave, frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS[wave], start + 0.01);
    volume.gain.setValueAtTime(LOUDNESS[wave], start + length - 0.03);
    volume.gain.linearRampToValueAtTime(0, start + length);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + length);
  }
}
