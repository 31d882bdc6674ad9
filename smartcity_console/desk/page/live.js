// Live view: fragmented MP4 over a WebSocket into Media Source Extensions. The picture's age is always told; a picture
// that stands still can never pass for a live one.

import { h, replace } from "./dom.js";
import { w } from "./words.js";

const STALE_MS = 3000;
const BEHIND_S = 3; // further behind the newest picture than this: jump forward
const KEEP_S = 20; // watched seconds kept in the buffer
const WAITING_LIMIT = 120; // fragments; beyond this the browser cannot keep up and starts afresh
const FINAL = new Set([4401, 4403]); // unknown or expired token; not this camera

export class LiveView {
  /** grant: {url, token, until, camera_ids}; now(): the server's clock in ms. */
  constructor(grant, cameraId, now) {
    this.grant = grant;
    this.cameraId = cameraId;
    this.now = now;
    this.failures = 0;
    this.video = h("video", { muted: true, autoplay: true, playsinline: true, "data-live": cameraId });
    this.video.muted = true;
    this.state = h("span", { class: "live-state" });
    this.message = h("div", { class: "screen-message" }, w("live_waiting"));
    this.element = h("div", { class: "screen live" }, this.video, this.message, this.state);
    this.timer = setInterval(() => this.showAge(), 250);
    this.open();
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    clearTimeout(this.again);
    this.drop();
  }

  drop() {
    this.socket?.close();
    this.socket = null;
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
    this.buffer = null;
    this.waiting = [];
  }

  open() {
    this.drop();
    if (Date.parse(this.grant.until) <= this.now()) return this.say(w("live_over"));
    try {
      const url = `${this.grant.url.replace(/\/$/, "")}/${encodeURIComponent(this.cameraId)}`;
      this.socket = new WebSocket(url, ["smartcity.live.v1", `token.${this.grant.token}`]);
    } catch {
      return this.say(w("live_denied"));
    }
    const socket = this.socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => socket === this.socket && this.take(event.data);
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
  }

  lost(code) {
    if (this.closed) return;
    if (FINAL.has(code)) return this.say(code === 4401 ? w("live_over") : w("live_denied"));
    this.say(w("live_again"));
    this.failures += 1;
    const wait = Math.min(15000, 500 * 2 ** Math.min(this.failures, 5)) * (0.8 + Math.random() * 0.4);
    this.again = setTimeout(() => this.open(), wait);
  }

  take(data) {
    if (typeof data === "string") return this.begin(data);
    this.lastAt = performance.now();
    if (this.waiting.length > WAITING_LIMIT) return this.socket.close();
    this.waiting.push(data);
    this.feed();
  }

  begin(text) {
    let mime = "";
    try { mime = String(JSON.parse(text).mime ?? ""); } catch { return this.socket.close(); }
    if (!window.MediaSource || !MediaSource.isTypeSupported(mime)) {
      this.socket.onclose = null;
      this.socket.close();
      return this.say(`${w("cannot_play")}: ${mime}`);
    }
    const source = new MediaSource();
    this.address = URL.createObjectURL(source);
    this.video.src = this.address;
    source.addEventListener("sourceopen", () => {
      if (source.readyState !== "open") return;
      this.buffer = source.addSourceBuffer(mime);
      this.buffer.addEventListener("updateend", () => this.feed());
      this.feed();
    }, { once: true });
  }

  feed() {
    const buffer = this.buffer;
    if (!buffer || buffer.updating) return;
    try {
      if (this.waiting.length) buffer.appendBuffer(this.waiting.shift());
      else this.keepUp(buffer);
    } catch {
      this.socket?.close(); // a full or broken buffer: a new connection brings a new one
    }
  }

  keepUp(buffer) {
    if (!buffer.buffered.length) return;
    this.failures = 0;
    const first = buffer.buffered.start(0);
    const newest = buffer.buffered.end(buffer.buffered.length - 1);
    const outside = this.video.currentTime < first;
    if (outside || newest - this.video.currentTime > BEHIND_S) this.video.currentTime = Math.max(first, newest - 0.4);
    if (this.video.paused) this.video.play().catch(() => this.say(w("live_stale")));
    if (this.video.currentTime - first > KEEP_S * 2) buffer.remove(0, this.video.currentTime - KEEP_S);
  }

  showAge() {
    const left = Date.parse(this.grant.until) - this.now();
    if (left <= 0 && this.socket) {
      this.drop();
      this.say(w("live_over"));
    }
    if (this.lastAt === undefined || !this.socket) return replace(this.state);
    const age = performance.now() - this.lastAt;
    const stale = age > STALE_MS;
    if (!stale && this.buffer) this.message.hidden = true;
    this.element.classList.toggle("stale", stale);
    this.state.textContent = `${stale ? w("live_stale") : "LIVE"} ${(age / 1000).toFixed(1)} s`;
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = false;
  }
}
