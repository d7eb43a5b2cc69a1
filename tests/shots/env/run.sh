#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh CMD...: runs one GTK program in the pinned environment. Takes $DISPLAY and what tests
# are told with from the caller, and nothing else. A11Y=1 gives it a session bus of its own with
# AT-SPI and nothing else on it, for tests that drive the window from outside.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state"/{cache,data,run,home}
chmod 700 "$state/run"

kept=()
while IFS='=' read -r -d '' name value; do
  case $name in
    G_TEST_*|G_DEBUG|G_MESSAGES_DEBUG|MALLOC_PERTURB_|ASAN_OPTIONS|UBSAN_OPTIONS|LSAN_OPTIONS|\
    ISS_*|ISSUANT*|UPDATE_SHOTS|PYTHONPATH|PYTHONDONTWRITEBYTECODE|GTK_A11Y|GIO_USE_VFS|TMPDIR)
      kept+=("$name=$value") ;;
  esac
done < <(env -0)

run=("$@")
bus=(DBUS_SESSION_BUS_ADDRESS=disabled: NO_AT_BRIDGE=1)
if [[ -n ${A11Y:-} ]]; then
  sed "s|@services@|$here/services|" "$here/dbus.conf.in" >"$state/dbus.conf"
  # What the bus starts says things; standard output is the test's.
  run=(bash -c 'exec "$@" 3>&1 >&2' _ dbus-run-session \
       --config-file="$state/dbus.conf" -- bash -c 'exec "$@" >&3 3>&-' _ "$@")
  bus=(GTK_A11Y=atspi)
fi

# Not to load OpenGL saves time; Debian 13's GTK has another word for it, and objects to this one.
no_gl=GDK_DEBUG=gl-disable
if pkg-config --atleast-version=4.18 gtk4; then
  no_gl=GDK_DISABLE=gl
fi

env -i PATH="$PATH" DISPLAY="${DISPLAY:-}" HOME="$state/home" \
  GTK_A11Y=none "${kept[@]}" \
  XDG_CONFIG_HOME="$here/config" XDG_CONFIG_DIRS="$here/none" XDG_DATA_HOME="$state/data" \
  XDG_DATA_DIRS=/usr/share XDG_CACHE_HOME="$state/cache" XDG_RUNTIME_DIR="$state/run" \
  LC_ALL=C.UTF-8 LANG=C.UTF-8 TZ=UTC \
  GDK_BACKEND=x11 GDK_SCALE=1 GSK_RENDERER=cairo GTK_THEME=Default \
  FONTCONFIG_FILE="$here/fonts.conf" \
  "$no_gl" GTK_USE_PORTAL=0 GSETTINGS_BACKEND=memory \
  GTK_IM_MODULE=gtk-im-context-simple ADW_DISABLE_PORTAL=1 \
  "${bus[@]}" "${run[@]}"
