// Plays fragmented MP4 by Media Source Extensions, at the live edge: jumps over holes, catches up when behind, and knows
// when the picture that it shows was received at the centre.

const AIM_S = 0.35; // how far behind the newest picture to play: a fragment and a bit
const HURRY_S = 0.9; // further behind: play a little faster
const JUMP_S = 2.5; // further behind still: jump
const HURRY_RATE = 1.1;
const KEEP_S = 20; // watched seconds kept in the buffer
const WAITING_LIMIT = 120; // fragments; beyond this the browser cannot keep up and starts afresh
const TICKS_PER_S = 90000;
const NTP_OFFSET_S = 2208988800; // from 1900 to 1970

export class Player {
  /** onBroken(): the buffer cannot go on; a new connection brings a new one. */
  constructor(video, onBroken) {
    this.video = video;
    this.onBroken = onBroken;
    this.waiting = [];
    this.fragments = 0;
  }

  static canPlay(mime) {
    return Boolean(window.MediaSource) && MediaSource.isTypeSupported(mime);
  }

  begin(mime) {
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

  /** Forget everything; with `blank` the last picture goes too. */
  end(blank) {
    this.waiting = [];
    this.buffer = null;
    this.mark = null;
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
    if (!blank) return;
    this.video.removeAttribute("src");
    this.video.load();
  }

  take(data) {
    if (this.waiting.length > WAITING_LIMIT) return this.onBroken();
    this.waiting.push(data);
    this.feed();
  }

  feed() {
    const buffer = this.buffer;
    if (!buffer || buffer.updating) return;
    try {
      if (this.waiting.length) buffer.appendBuffer(this.media(this.waiting.shift()));
      else this.keepUp();
    } catch {
      this.onBroken(); // a full or broken buffer
    }
  }

  /** Read and take off the producer reference time (ISO/IEC 14496-12, 8.16.5) before a fragment. */
  media(data) {
    const view = new DataView(data);
    if (data.byteLength < 32 || view.getUint32(4) !== 0x70726674) return data;
    const at = (view.getUint32(16) - NTP_OFFSET_S) * 1000 + (view.getUint32(20) / 2 ** 32) * 1000;
    this.mark = { at, media: Number(view.getBigUint64(24)) / TICKS_PER_S };
    this.fragments += 1;
    return data.slice(32);
  }

  /** Stay near the newest picture; a player stops at a hole, so it is taken over it. */
  keepUp() {
    const { buffer, video } = this;
    if (!buffer || buffer.updating || !buffer.buffered.length) return;
    const ranges = buffer.buffered;
    const newest = ranges.end(ranges.length - 1);
    const behind = newest - video.currentTime;
    const inLast = video.currentTime >= ranges.start(ranges.length - 1);
    if (!inLast || behind > JUMP_S) video.currentTime = Math.max(ranges.start(ranges.length - 1), newest - AIM_S);
    video.playbackRate = behind > HURRY_S ? HURRY_RATE : 1;
    if (video.paused) video.play().catch(() => {});
    if (video.currentTime - ranges.start(0) > KEEP_S * 2) buffer.remove(0, video.currentTime - KEEP_S);
  }

  /** Seconds between the reception of the picture that is shown and `nowMs` by the centre's clock; null while unknown. */
  delay(nowMs) {
    if (!this.mark || this.video.readyState < 2) return null;
    return Math.max(0, (nowMs - this.mark.at) / 1000 + this.mark.media - this.video.currentTime);
  }
}
