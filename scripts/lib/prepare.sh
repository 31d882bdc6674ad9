# Sourced by scripts/run, test, bench, lock: makes the environment, once; a second call takes milliseconds.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
VENV="$ROOT/.venv"
# Byte code is written: without it every start compiles 660 modules anew, which takes longer than all the rest.
unset PYTHONDONTWRITEBYTECODE

# Debian package names. Qt's xcb plugin, EGL for Qt and for the stage with Mesa's software renderer, a Korean font.
SYSTEM_RUN="libegl1 libgl1 libgl1-mesa-dri libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0
  libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
  fonts-noto-cjk"
SYSTEM_UNATTENDED="chromium"
# The camera with a clock and the screen of `scripts/bench latency`; ffmpeg encodes the streams of `wall` and is a peer.
SYSTEM_BENCH="ffmpeg"
SYSTEM_BENCH_LATENCY="ffmpeg xvfb python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-ugly"
SYSTEM_TEST="chromium ffmpeg openssl curl mosquitto mosquitto-clients poppler-utils"

say() { printf 'smartcity-console: %s\n' "$*" >&2; }

# Print which of the Debian packages named are not installed.
missing_packages() {
  command -v dpkg-query >/dev/null 2>&1 || return 0
  local name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$name"
  done
}

# Install Debian packages when we may, otherwise print the one command that does. Never fails: doctor tells the rest.
need_packages() {
  local missing sudo_=""
  missing="$(missing_packages "$@")"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo_="sudo -n"; else
      say "시스템 꾸러미가 없습니다 / system packages are missing. Run this once, then start again:"
      say "  sudo apt-get install -y --no-install-recommends $missing"
      return 0
    fi
  fi
  say "installing system packages: $missing"
  # shellcheck disable=SC2086
  { $sudo_ apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo_ apt-get install -y -qq --no-install-recommends $missing; } \
    >"$ROOT/.prepare.log" 2>&1 || say "could not install them (see $ROOT/.prepare.log). Run: apt-get install -y --no-install-recommends $missing"
}

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

# prepare_venv LOCKFILE: the environment holds exactly what the lock names.
prepare_venv() {
  local lock="$1" python stamp want
  stamp="$VENV/.$(basename "$lock").stamp"
  want="$(sha256sum <"$lock")$ROOT"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
  if ! python="$(find_python)"; then
    need_packages python3 python3-venv
    python="$(find_python)" || { say "Python 3.11 or 3.12 with venv is needed: apt-get install -y python3 python3-venv"; return 1; }
  fi
  say "making the environment (once) …"
  [ -x "$VENV/bin/python" ] || "$python" -m venv "$VENV" || return 1
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock" || {
    say "the packages could not be installed. What was there is kept; check the network and start again."; return 1; }
  "$VENV/bin/python" - "$ROOT" <<'PY' || return 1
import pathlib, sys, sysconfig
(pathlib.Path(sysconfig.get_path("purelib")) / "smartcity_console_checkout.pth").write_text(sys.argv[1] + "\n")
PY
  printf '%s' "$want" >"$stamp"
}
