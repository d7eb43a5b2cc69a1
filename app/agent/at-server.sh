#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What app/install-agent does on a server. It is never there as a file: it comes over ssh, after
# lines that set `todo` and what that needs, and before the package. Its answers are lines that
# begin with "@@ ".
# shellcheck disable=SC2154  # set by the lines before
set -u

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022

account=issuant
data=/var/lib/issuant
home=/var/lib/issuant-agent
program=/usr/libexec/issuant-agent

say() {
  printf '@@ %s\n' "$*"
}

fail() {
  say "failed $*"
  exit 1
}

field() {
  getent passwd "$account" | cut -d : -f "$1"
}

# sshd's own view of the account: what all its files and Match blocks come to.
sshd_says() {
  sshd -T -C "user=$account,host=localhost,addr=127.0.0.1" 2>/dev/null |
    sed -n "s/^$1 //p"
}

# Where sshd looks for the keys of the account: the first of its places.
key_file() {
  found=$(sshd_says authorizedkeysfile)
  found=${found%% *}
  case ${found:-.ssh/authorized_keys} in
    none) ;;
    *) printf '%s\n' "${found:-.ssh/authorized_keys}" |
         sed -e "s|%u|$account|g" -e "s|%h|$1|g" -e "s|^[^/]|$1/&|" ;;
  esac
}

# The lines of a key file that are not this key's ("$blob"), or not this program's.
other_lines() {
  awk -v blob="$blob" -v program="$program" '
    /^[[:space:]]*(#|$)/ { print; next }
    blob != "" && index (" " $0 " ", " " blob " ") { next }
    blob == "" && index ($0, "command=\"" program " ") { next }
    { print }' "$1"
}

# Does something in the folder of a key file as whoever owns it: what an account of its own makes
# of its folder must not lead root astray.
as_owner_of() {
  owner=$(stat -c %U "$(dirname "$1")")
  shift
  if [ "$owner" = root ]; then
    "$@"
  else
    runuser -u "$owner" -- "$@"
  fi
}

# Replaces a key file as a whole.
write_keys() {
  new=$(as_owner_of "$1" mktemp "$1.XXXXXX") || return 1
  if as_owner_of "$1" tee "$new" >/dev/null &&
     as_owner_of "$1" chgrp --reference="$(dirname "$1")" "$new" &&
     as_owner_of "$1" chmod 0640 "$new" && as_owner_of "$1" mv -f "$new" "$1"; then
    return 0
  fi
  as_owner_of "$1" rm -f "$new"
  return 1
}

probe() {
  # shellcheck source=/dev/null
  say "release $(. /etc/os-release && echo "${ID:-?} ${VERSION_ID:-sid} ${VERSION_CODENAME:--}")"
  if command -v dpkg >/dev/null; then
    say "architecture $(dpkg --print-architecture)"
  else
    say "architecture $(uname -m)"
  fi
  say "user $(id -un)"
  if [ "$(id -u)" -eq 0 ]; then
    say "root yes"
  elif ! command -v sudo >/dev/null; then
    say "root no"
  elif sudo -n true 2>/dev/null; then
    say "root sudo"
  else
    say "root password"
  fi
}

look_at_account() {
  [ -n "$(field 3)" ] || return 0
  say "uid $(field 3)"
  say "home $(field 6)"
  say "shell $(field 7)"
  [ "$(field 6)" = "$home" ] || [ -d "$(field 6)" ] || say "homeless yes"
  running=0
  for process in /proc/[0-9]*; do
    if [ "$(stat -c %u "$process" 2>/dev/null)" = "$(field 3)" ]; then
      running=$((running + 1))
    fi
  done
  say "running $running"
}

look_at_keys() {
  where=$(field 6)
  keys=$(key_file "${where:-$home}")
  say "keys $keys"
  [ -n "$keys" ] && [ -f "$keys" ] || return 0
  others=$(other_lines "$keys") || fail "$keys cannot be read"
  if [ -n "$line" ] && grep -qxF -e "$line" "$keys"; then
    say "line same"
  elif [ "$others" != "$(cat "$keys")" ]; then
    say "line other"
  fi
  say "kept $(printf '%s\n' "$others" | grep -cvE '^[[:space:]]*(#|$)')"
}

count() {
  find "$@" -type f 2>/dev/null | wc -l
}

look_at_data() {
  [ -d "$data" ] || return 0
  say "data $(stat -c '%U %a' "$data")"
  say "have $(count "$data/keys" ! -name '*.conf') $(count "$data/stores" -name '*.pem')"
  sed -n 's/^\[\(.*\)\]$/\1/p' "$data/assignments.conf" 2>/dev/null | while read -r type; do
    say "assigned $type"
  done
}

look() {
  state=$(dpkg-query -W -f '${db:Status-Status} ${Version}' issuant-agent 2>/dev/null)
  case $state in
    'installed '*) say "version ${state#installed }" ;;
    'config-files '*) say "left ${state#config-files }" ;;
  esac
  if [ -f "$program" ]; then
    say "program $(sha256sum <"$program" | cut -d ' ' -f 1)"
  fi
  for package in $depends; do
    found=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
    [ "$found" = installed ] || say "missing $package"
  done
  [ ! -f /etc/ssh/sshd_config.d/issuant.conf ] || say "snippet there"
  if wrong=$(sshd -t 2>&1); then
    say "allowusers $(sshd_says allowusers | tr '\n' ' ')"
    say "allowgroups $(sshd_says allowgroups | tr '\n' ' ')"
  else
    say "sshd $(printf '%s' "$wrong" | head -n 1)"
  fi
  look_at_account
  look_at_keys
  look_at_data
  say looked
}

# All that is asked of dpkg is asked without questions: a file changed by hand stays.
apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=60 \
    -o APT::Install-Recommends=false -o Dpkg::Options::=--force-confdef \
    -o Dpkg::Options::=--force-confold "$@" </dev/null >>"$place/log" 2>&1
}

# The line of apt's that says why, for people; the rest goes to the standard error.
why() {
  cat "$place/log" >&2
  sed -n 's/^\(E\|dpkg\): *//p' "$place/log" | head -n 1
}

# It greets as soon as it stands in the folder, as its owner; then nobody is there, and it ends.
greets() {
  $program --stdio </dev/null 2>"$place/said" | grep -qF ' READY'
}

put_key() {
  where=$(field 6)
  keys=$(key_file "$where")
  folder=$(dirname "$keys")
  if [ ! -d "$folder" ]; then
    install -d -o "$account" -g "$(id -gn "$account")" -m 0700 "$folder" || return 1
  fi
  : >"$place/keys"
  if [ -f "$keys" ]; then
    ! grep -qxF -e "$line" "$keys" || return 0
    other_lines "$keys" >"$place/keys" || return 1
  fi
  printf '%s\n' "$line" >>"$place/keys"
  write_keys "$keys" <"$place/keys"
}

undo() {
  undone=
  if [ "$was_there" = no ] && apt purge issuant-agent; then
    undone=", and was removed again"
  fi
}

install_agent() {
  place=$(mktemp -d) || fail "No folder for the package could be made"
  trap 'rm -rf "$place"' EXIT
  chmod 0755 "$place"
  package=$place/issuant-agent.deb
  cat >"$package"
  [ "$(sha256sum <"$package" | cut -d ' ' -f 1)" = "$sha256" ] ||
    fail "The package did not arrive as it was sent: nothing was changed"
  # From here on it goes to its end, whether or not anybody still listens.
  trap '' HUP PIPE INT TERM

  was_there=no
  if [ "$(dpkg-query -W -f '${db:Status-Status}' issuant-agent 2>/dev/null)" = installed ]; then
    was_there=yes
  fi
  : >"$place/log"
  if [ "$(sha256sum 2>/dev/null <"$program" | cut -d ' ' -f 1)" != "$program_sha256" ] ||
     [ "$was_there" = no ]; then
    if ! apt --simulate install --reinstall "$package"; then
      apt update || true
    fi
    : >"$place/log"
    if ! apt install --reinstall "$package"; then
      reason=$(why)
      undo
      fail "apt-get did not install it: ${reason:-see above}"
    fi
  fi
  if ! greets; then
    reason=$(head -n 1 "$place/said")
    undo
    fail "It does not start$undone: ${reason:-it says nothing}"
  fi
  if ! put_key; then
    undo
    fail "The key could not be written to $keys${undone:+ (what was installed was removed again)}"
  fi
  say "confined $(sshd_says disableforwarding)"
  say "done"
}

end_processes() {
  number=$(field 3)
  [ -n "$number" ] && [ "$number" -ne 0 ] || return 0
  for process in /proc/[0-9]*; do
    [ "$(stat -c %u "$process" 2>/dev/null)" = "$number" ] || continue
    kill "${process#/proc/}" 2>/dev/null
    timeout 10 tail --pid="${process#/proc/}" -f /dev/null
  done
}

# First the keys, so that nobody comes in again; then who is in; then the program.
remove_agent() {
  place=$(mktemp -d) || fail "No folder for a log could be made"
  trap 'rm -rf "$place"' EXIT
  trap '' HUP PIPE INT TERM
  : >"$place/log"
  where=$(field 6)
  keys=$(key_file "${where:-$home}")
  if [ -n "$where" ] && [ -n "$keys" ] && [ -f "$keys" ]; then
    if ! { other_lines "$keys" >"$place/keys" && write_keys "$keys" <"$place/keys"; }; then
      fail "$keys could not be written"
    fi
    [ -s "$keys" ] || as_owner_of "$keys" rm -f "$keys"
  fi
  if [ "$what" = key ]; then
    say "done"
    return
  fi
  end_processes
  if [ "$what" = data ]; then
    rm -rf "$data" || fail "$data could not be removed"
  fi
  if dpkg-query -W issuant-agent >/dev/null 2>&1 && ! apt purge issuant-agent; then
    reason=$(why)
    fail "apt-get did not remove it: ${reason:-see above}"
  fi
  if [ -d "$data" ]; then
    say "stays $data,"
  fi
  if [ -n "$(field 3)" ]; then
    say "stays the account $account"
  fi
  say "done"
}

case $todo in
  probe) probe ;;
  look) look ;;
  install) install_agent ;;
  remove) remove_agent ;;
esac
