// What the caller hears: texts by a voice of this machine only, since they may hold callers' data, recordings of the
// project, and keys as tones. Nothing is stretched: the timeline says when the next thing begins.
import { recording } from "./api.js";

const tones = { 1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477] };
const toneSeconds = 0.12, gapSeconds = 0.06;

const noVoice = "This browser has no voice of its own on this machine, so texts stay silent. They are not sent to a service.";

export class Sound {
  constructor(say) {
    this.say = say; // shows a sentence
    this.on = false;
    this.recordings = new Map();
    if (!window.speechSynthesis) return;
    speechSynthesis.getVoices(); // begins to look for them
    speechSynthesis.addEventListener("voiceschanged", () => {
      if (this.lacks && this.voice()) this.say("");
      this.lacks = this.on && !this.voice();
    });
  }

  /** turn switches sound on or off. It has to be called by a click, since browsers play nothing before one. */
  turn(on) {
    this.on = on;
    if (!on) {
      this.stop();
      return;
    }
    this.context = this.context || new AudioContext();
    this.context.resume();
    this.lacks = !this.voice();
    if (this.lacks) this.say(noVoice);
  }

  /** voice is one that speaks on this machine. */
  voice() {
    if (!window.speechSynthesis) return null;
    const local = speechSynthesis.getVoices().filter((v) => v.localService);
    const language = (document.documentElement.lang || "en").slice(0, 2);
    return local.find((v) => v.lang.startsWith(language)) || local[0] || null;
  }

  /** speaks reports whether texts are spoken at a speed of the call: nobody understands them faster. */
  speaks(speed) {
    return this.on && speed === 1 && this.voice() !== null;
  }

  stop() {
    this.wanted = null;
    if (window.speechSynthesis) speechSynthesis.cancel();
    if (this.playing) this.playing.stop();
    this.playing = null;
  }

  /** hear plays what an event lets the caller hear, at the speed of the call. */
  hear(event, speed) {
    if (!this.on || !["says", "plays", "cut", "caller", "ended"].includes(event.type)) return;
    if (event.type === "caller") {
      if (event.text.startsWith("presses ")) this.keys(event.text.slice("presses ".length));
      return;
    }
    this.stop();
    if (speed !== 1) return;
    if (event.type === "says") this.speak(event.heard || [{ text: event.text }]);
    if (event.type === "plays") this.play(event.text);
  }

  speak(segments) {
    const voice = this.voice();
    if (!voice) return;
    for (const s of segments) {
      if (!s.text) continue;
      const utterance = new SpeechSynthesisUtterance(s.text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      speechSynthesis.speak(utterance);
    }
  }

  async play(name) {
    const wanted = this.wanted = {}; // until something else is heard
    if (!this.recordings.has(name)) {
      const wave = await recording(name);
      this.recordings.set(name, wave && await this.context.decodeAudioData(wave).catch(() => null));
    }
    const buffer = this.recordings.get(name);
    if (!buffer || this.wanted !== wanted) return;
    this.playing = new AudioBufferSourceNode(this.context, { buffer });
    this.playing.connect(this.context.destination);
    this.playing.start();
  }

  keys(keys) {
    [...keys].forEach((key, i) => {
      const at = this.context.currentTime + i * (toneSeconds + gapSeconds);
      const volume = new GainNode(this.context, { gain: 0.1 });
      volume.connect(this.context.destination);
      for (const frequency of tones[key] || []) {
        const tone = new OscillatorNode(this.context, { frequency });
        tone.connect(volume);
        tone.start(at);
        tone.stop(at + toneSeconds);
      }
    });
  }
}
