#!/usr/bin/env bash
# Installs a software Vulkan device (Mesa's lavapipe) so that WebGPU runs on a machine without a GPU.
# Debian 12 ships Mesa 22.3, which Dawn refuses; bookworm-backports has Mesa 25.
# Needs root (or sudo). Does nothing where a new enough driver is installed already.
set -euo pipefail

installed=$(dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null || true)
if [ -n "$installed" ] && dpkg --compare-versions "$installed" ge 24 && dpkg-query -W libvulkan1 >/dev/null 2>&1; then
  echo "The software GPU is installed already (Mesa $installed)."
  exit 0
fi

root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Installing the software GPU needs root. Run this script as root." >&2; exit 1; }
  root=sudo
fi

. /etc/os-release
if [ "${VERSION_CODENAME:-}" = bookworm ]; then
  if ! grep -rqs 'bookworm-backports' /etc/apt/; then
    echo "deb http://deb.debian.org/debian bookworm-backports main" |
      $root tee /etc/apt/sources.list.d/winnow-backports.list >/dev/null
  fi
  $root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq -t bookworm-backports mesa-vulkan-drivers libvulkan1 >/dev/null
else
  $root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq mesa-vulkan-drivers libvulkan1 >/dev/null
fi
echo "The software GPU is installed (Mesa $(dpkg-query -W -f '${Version}' mesa-vulkan-drivers)). 'npm run -s winnow -- doctor' shows it."
