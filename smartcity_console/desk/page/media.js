// The pictures of a hand-off: one camera at a time, as a clip or live; stills below.

import { clock, h, mebibytes, replace } from "./dom.js";
import { LiveView } from "./live.js";
import { currentLanguage, w } from "./words.js";

const LEAD_S = 5;

export class Media {
  /** now(): the server's clock in ms. */
  constructor(detail, now) {
    this.now = now;
    this.element = h("div", { class: "media" });
    this.mode = "clip";
    this.cameraId = detail.notice.cameras[0]?.id ?? detail.clips[0]?.camera_id ?? null;
    this.update(detail);
  }

  /** Take newer facts. What is playing goes on unless it is concerned. */
  update(detail) {
    const live = JSON.stringify([detail.live?.token, detail.live?.until, currentLanguage()]);
    const key = `${detail.package?.sha256} ${live}`;
    const goesOn = live === this.live && this.mode === "live" ? this.view : null; // a package that comes leaves it alone
    this.detail = detail;
    if (key === this.key) return;
    Object.assign(this, { key, live });
    this.render(goesOn);
  }

  close() {
    this.view?.close?.();
    this.view = null;
  }

  cameras() {
    const cameras = [...this.detail.notice.cameras];
    for (const clip of this.detail.clips) {
      if (!cameras.some((camera) => camera.id === clip.camera_id)) cameras.push({ id: clip.camera_id, name: clip.camera_id, ownership: "public", distance_m: null });
    }
    return cameras;
  }

  clip() {
    return this.detail.clips.find((clip) => clip.camera_id === this.cameraId);
  }

  url(name) {
    return `/media/${encodeURIComponent(this.detail.id)}/${name.split("/").map(encodeURIComponent).join("/")}`;
  }

  show(cameraId, mode) {
    this.cameraId = cameraId;
    this.mode = mode;
    this.render();
  }

  render(goesOn) {
    if (!goesOn) this.close();
    replace(this.element, this.tabs(), this.modes(), goesOn ? goesOn.element : this.screen(), this.caption(), this.stills());
    this.tick();
  }

  tabs() {
    return h("div", { class: "camera-tabs", role: "tablist" }, this.cameras().map((camera, index) => h("button", {
      type: "button", role: "tab", class: "camera-tab", "aria-selected": String(camera.id === this.cameraId),
      onclick: () => this.show(camera.id, this.mode),
    },
    h("span", { class: "number" }, String(index + 1)),
    h("span", { class: "camera-name" }, camera.name),
    camera.ownership === "private" ? h("span", { class: "badge" }, w("private")) : null,
    camera.distance_m === null ? null : h("span", { class: "quiet" }, `${Math.round(camera.distance_m)} m`))));
  }

  modes() {
    const button = (mode, ...content) => h("button", {
      type: "button", class: `mode mode-${mode}`, "aria-pressed": String(this.mode === mode), onclick: () => this.show(this.cameraId, mode),
    }, ...content);
    this.left = h("span", { class: "live-left" });
    const jump = h("button", { type: "button", class: "to-alert", onclick: () => this.toAlert(this.video, this.clip()) }, `◂ ${w("to_alert")}`);
    const canJump = this.mode === "clip" && this.clip();
    return h("div", { class: "modes" }, button("clip", w("clip")), button("live", h("span", { class: "dot" }), w("live")), this.left,
      h("span", { class: "grow" }), canJump ? jump : null);
  }

  /** The countdown of the time left to watch live. */
  tick() {
    const until = this.detail.live?.until;
    const left = until ? (Date.parse(until) - this.now()) / 1000 : 0;
    const two = (n) => String(Math.floor(n)).padStart(2, "0");
    this.left.textContent = this.view?.ended ? "" : left > 0 ? `${two(left / 60)}:${two(left % 60)} ${w("live_left")}` : w(until ? "live_over" : this.detail.recall ? "live_revoked_short" : "live_none");
    this.left.classList.toggle("soon", left > 0 && left < 120);
  }

  screen() {
    if (this.mode === "live") return this.liveScreen();
    const clip = this.clip();
    if (!clip) return message(w(this.detail.package ? "clip_missing" : "clip_coming"));
    if (!playable(clip.codec)) return this.unplayable(clip, clip.codec);
    const video = h("video", {
      controls: true, muted: true, autoplay: true, playsinline: true, preload: "auto", src: this.url(clip.name),
      poster: clip.still ? this.url(clip.still) : null,
    });
    video.muted = true;
    video.addEventListener("loadedmetadata", () => this.toAlert(video, clip), { once: true });
    const screen = h("div", { class: "screen" }, video);
    this.video = video;
    video.addEventListener("error", () => screen.replaceWith(this.unplayable(clip, clip.codec)));
    return screen;
  }

  /** Go to a little before the first alert: what led to it is seen first. A clip that does not hold it stays where it is. */
  toAlert(video, clip) {
    const seconds = (Date.parse(this.detail.notice.incident.alerts[0]?.occurred_at) - Date.parse(clip.start)) / 1000 - LEAD_S;
    if (seconds > 0 && seconds < video.duration - 1) video.currentTime = seconds;
  }

  liveScreen() {
    const live = this.detail.live;
    if (!live) return message(w(this.detail.recall ? "live_revoked" : "live_none"));
    if (!live.camera_ids.includes(this.cameraId)) return message(w("live_denied"));
    this.view = new LiveView(this.detail.id, live, this.cameraId, this.now);
    return this.view.element;
  }

  /** Name the format, show the still, offer the file. */
  unplayable(clip, codec) {
    const still = clip.still ? h("img", { src: this.url(clip.still), alt: w("still") }) : null;
    const text = h("div", { class: "screen-message" }, `${w("cannot_play")}: ${codec} `, this.download(clip));
    return h("div", { class: "screen unplayable" }, still, text);
  }

  download(clip) {
    return h("a", { href: this.url(clip.name), download: clip.name.split("/").pop() }, w("download"));
  }

  caption() {
    const clip = this.clip();
    const stored = this.detail.package;
    const whole = stored && h("a", { href: `/page/handoffs/${encodeURIComponent(this.detail.id)}/package.zip`, download: true },
      `${w("download_package")} ${mebibytes(stored.size_bytes)}`);
    const missing = clip?.gaps.length ? h("span", { class: "warn" }, `△ ${w("gaps")}: ${clip.gaps.join(", ")}`) : null;
    const facts = clip && h("span", {}, `${clock(clip.start)} – ${clock(clip.end)} · ${clip.codec}`);
    return h("div", { class: "caption" }, facts, missing, h("span", { class: "grow" }), clip ? this.download(clip) : null, whole || null);
  }

  stills() {
    const withStill = this.detail.clips.filter((clip) => clip.still);
    const numbers = new Map(this.cameras().map((camera, index) => [camera.id, index + 1]));
    return h("div", { class: "stills" }, withStill.map((clip) => h("button", {
      type: "button", class: "still", "aria-label": `${w("still")} ${clip.camera_id}`, onclick: () => this.show(clip.camera_id, "clip"),
    }, h("img", { src: this.url(clip.still), alt: "", loading: "lazy" }), h("span", { class: "number" }, String(numbers.get(clip.camera_id) ?? "")))));
  }
}

function message(text) {
  return h("div", { class: "screen" }, h("div", { class: "screen-message" }, text));
}

/** Whether this browser says it can play the codec; a plain name (h264, hevc) is asked for by a common profile. */
function playable(codec) {
  const name = { h264: "avc1.640028", hevc: "hvc1.1.6.L120.90", h265: "hvc1.1.6.L120.90" }[codec.toLowerCase()] ?? codec;
  return document.createElement("video").canPlayType(`video/mp4; codecs="${name}"`) !== "";
}
