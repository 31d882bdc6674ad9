// Live view: fragmented MP4 over a WebSocket. The picture's delay is always told; a picture that stands still can never
// pass for a live one, and one whose leave was taken back goes at once.

import { h, replace } from "./dom.js";
import { Player } from "./player.js";
import { LiveSocket } from "./socket.js";
import { currentLanguage, w } from "./words.js";

const STALE_MS = 3000;
const SLOW_S = 3; // a delay beyond this is told in amber
const SILENT_MS = 4000; // connected and no picture: say so
const RETRY_MS = [300, 1000, 2000, 4000, 8000];
// Close codes that end the view, with what is said: in clear, token unknown or time over, not this camera, taken back.
const FINAL = { "-1": "live_insecure", 4401: "live_over", 4403: "live_denied", 4410: "live_revoked" };
const AGAIN = { 1013: "live_full", 4429: "live_busy", 1011: "live_not_now" };
const NAMES = { hvc1: "H.265 (HEVC)", hev1: "H.265 (HEVC)", hevc: "H.265 (HEVC)", mjpeg: "MJPEG", av01: "AV1", mpeg4: "MPEG-4 Part 2", mp4v: "MPEG-4 Part 2" };

export class LiveView {
  /** grant: {url, token, until, camera_ids}; now(): the server's clock in ms. */
  constructor(handoffId, grant, cameraId, now) {
    this.handoffId = handoffId;
    this.grant = grant;
    this.cameraId = cameraId;
    this.now = now;
    this.codec = "";
    this.failures = 0;
    this.video = h("video", { muted: true, autoplay: true, playsinline: true, "data-live": cameraId });
    this.video.muted = true;
    this.player = new Player(this.video, () => this.socket?.close());
    this.state = h("span", { class: "live-state" });
    this.message = h("div", { class: "screen-message" });
    this.element = h("div", { class: "screen live" }, this.video, this.message, this.state);
    this.timer = setInterval(() => this.tick(), 250);
    this.say(w("live_waiting"));
    this.open();
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    clearTimeout(this.again);
    this.drop(true);
  }

  drop(blank) {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.player.end(blank);
    this.lastAt = undefined;
  }

  open() {
    this.drop(false);
    if (Date.parse(this.grant.until) <= this.now()) return this.finish("live_over");
    const query = this.codec ? `?codec=${this.codec}` : "";
    const url = `${this.grant.url.replace(/\/$/, "")}/${encodeURIComponent(this.cameraId)}${query}`;
    const socket = new LiveSocket(this.handoffId, url, ["smartcity.live.v1", `token.${this.grant.token}`]);
    this.socket = socket;
    this.openedAt = performance.now();
    socket.onmessage = (event) => socket === this.socket && this.take(event.data);
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
  }

  /** The view is over for good: the picture goes, the sentence stays. */
  finish(word) {
    clearTimeout(this.again);
    this.over = this.ended = true;
    this.drop(true);
    this.say(w(word));
  }

  lost(code) {
    if (this.closed || this.over) return;
    if (FINAL[code]) return this.finish(FINAL[code]);
    this.drop(code !== 1006); // a lost line keeps its last picture, greyed; a stream that the centre ended does not
    this.say(w(AGAIN[code] ?? "live_again"));
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] * (0.8 + Math.random() * 0.4);
    this.failures += 1;
    this.again = setTimeout(() => this.open(), wait);
  }

  take(data) {
    if (typeof data === "string") return this.told(data);
    this.lastAt = performance.now();
    this.player.take(data);
    if (this.player.fragments > 4) this.failures = 0;
  }

  told(text) {
    let facts = {};
    try { facts = JSON.parse(text); } catch { return this.socket.close(); }
    if (facts.error === "live_not_playable") return this.unplayable(facts.codec);
    if (facts.error) return this.say(facts[currentLanguage()] ?? w("live_again"));
    if (!Player.canPlay(facts.mime)) return this.unplayable(/codecs="(\w+)/.exec(facts.mime)?.[1] ?? facts.mime);
    const centre = Date.parse(facts.now);
    this.skew = Number.isNaN(centre) ? 0 : centre - Date.now();
    this.player.begin(facts.mime);
  }

  /** Name the format and offer the conversion, which costs the centre something and is therefore asked for. */
  unplayable(codec) {
    this.over = true;
    this.drop(true);
    const name = NAMES[codec] ?? codec;
    const convert = h("button", { type: "button", class: "primary convert", onclick: () => this.convert() }, w("live_convert"));
    this.say(`${w("live_codec")}: ${name}. ${w("live_codec_hint")}`, convert);
  }

  convert() {
    this.codec = "h264";
    this.over = false;
    this.failures = 0;
    this.say(w("live_waiting"));
    this.open();
  }

  tick() {
    if (!this.over && Date.parse(this.grant.until) <= this.now()) this.finish("live_over");
    if (this.over || !this.socket) {
      this.element.classList.toggle("stale", !this.over);
      return replace(this.state);
    }
    this.player.keepUp();
    if (this.lastAt === undefined) return this.silence();
    const still = performance.now() - this.lastAt;
    const delay = this.player.delay(Date.now() + (this.skew ?? 0));
    const stale = still > STALE_MS;
    if (!stale && this.video.readyState > 2) this.message.hidden = true;
    this.element.classList.toggle("stale", stale);
    this.element.classList.toggle("slow", !stale && delay !== null && delay > SLOW_S);
    const age = stale ? still / 1000 : delay;
    const converted = this.codec ? ` · ${w("live_converted")}` : "";
    this.state.textContent = `${stale ? w("live_stale") : "LIVE"}${age === null ? "" : ` · ${stale ? "" : `${w("live_delay")} `}${age.toFixed(1)} s`}${converted}`;
  }

  silence() {
    replace(this.state);
    if (performance.now() - this.openedAt > SILENT_MS) this.say(w("live_silent"));
  }

  say(text, ...more) {
    replace(this.message, h("p", {}, text), ...more);
    this.message.hidden = false;
  }
}
