#!/usr/bin/env bash
# Make sure that a browser and a Redis are there for the tests: by apt where allowed, else say what to install.
set -euo pipefail

browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    ls "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" 2>/dev/null
}

missing=()
browser >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v redis-server >/dev/null || missing+=(redis-server)
[ ${#missing[@]} -eq 0 ] && exit 0

if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
    sudo apt-get update -qq
    sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

browser >/dev/null || { echo "The browser tests need Chromium or Chrome: install the package chromium"; exit 1; }
command -v redis-server >/dev/null || echo "No redis-server: its tests are skipped; install the package redis-server"
