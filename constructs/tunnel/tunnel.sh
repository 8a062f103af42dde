#!/usr/bin/env bash
# The way to a node's Talos API, which has no public address: an SSH tunnel
# through the bastion. Needs OpenSSH's client and bash 3.2, nothing else.
#
#   tunnel.sh open    opens it, unless one is open already, and leaves it in the
#                     background for what comes next
#   tunnel.sh close   ends what "open" left; a tunnel opened by hand stays
#
# What an apply gives in the environment:
#   TUNNEL_PORT       where it begins, on 127.0.0.1
#   TARGET            where it ends: "172.16.4.4:50000"
#   BASTION           what it goes through: "ubuntu@51.15.33.9"
#   HOST_KEY          the bastion's public host key, made by the stack
#   KEYS              whose login it is: "bastion_ssh_keys.ovh (SHA256:…)"
#   KNOWN_HOSTS, STACK, VAR_FILE   for the lines that a person is told to type
# What a person may give besides:
#   OPENAETHER_SSH_KEY      a private key, in place of the agent's and the usual ones
#   OPENAETHER_SSH_CONFIG   an ssh configuration, in place of the usual one
#   OPENAETHER_SSH_WAIT     how many seconds a bastion may take to boot (300)
# What openaether gives:
#   OPENAETHER_OWNER        a process: the tunnel ends when it is gone
set -u
export LC_ALL=C

# At most this long after a bootstrap that failed; the next apply uses it.
lifetime=3600
boot_wait=${OPENAETHER_SSH_WAIT:-300}
folder="$(pwd)/.tunnel"

alive() { kill -0 "$1" 2>/dev/null; }

end_watcher() {
  local process
  process=$(cat "$folder/watcher" 2>/dev/null)
  # After a restart of the machine, the number may be somebody else's.
  case "$(ps -o args= -p "${process:-0}" 2>/dev/null)" in
  *tunnel.sh*) kill "$process" 2>/dev/null ;;
  esac
  rm -rf "$folder"
}

# Prints "closed", "tls" (Talos's API, as far as one can tell without its
# certificates), "silent" (the other end is not there yet), or "other".
probe() {
  # A minimal hello; any TLS server answers with a record, be it an alert.
  local hello='\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03'
  local first=''
  if ! exec 3<>"/dev/tcp/127.0.0.1/$TUNNEL_PORT"; then
    echo closed
    return
  fi 2>/dev/null
  printf "$hello"'%032d\x00\x00\x04\xc0\x2b\xc0\x2f\x01\x00' 0 >&3 2>/dev/null
  IFS= read -r -t 3 -n 1 first <&3 2>/dev/null
  exec 3>&-
  case "$first" in
  $'\x16' | $'\x15') echo tls ;;
  '') echo silent ;;
  *) echo other ;;
  esac
}

# One connection, until it ends; its words go to the log.
connect() {
  local identities=()
  if [ -n "${OPENAETHER_SSH_KEY:-}" ]; then
    identities=(-o IdentitiesOnly=yes -i "$OPENAETHER_SSH_KEY")
  fi
  local configuration=()
  if [ -n "${OPENAETHER_SSH_CONFIG:-}" ]; then
    configuration=(-F "$OPENAETHER_SSH_CONFIG")
  fi
  # What stands first wins over any configuration. No empty array is expanded:
  # bash 3.2 takes that for an unset variable.
  exec ssh ${configuration[@]+"${configuration[@]}"} ${identities[@]+"${identities[@]}"} -N -T \
    -o BatchMode=yes -o ExitOnForwardFailure=yes -o ConnectTimeout=10 \
    -o ServerAliveInterval=15 -o ServerAliveCountMax=3 -o LogLevel=INFO \
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$folder/known_hosts" \
    -o GlobalKnownHostsFile=/dev/null -o HostKeyAlgorithms=ssh-ed25519 \
    -o HostKeyAlias=openaether-bastion -o UpdateHostKeys=no \
    -o ControlMaster=no -o ControlPath=none -o ForwardAgent=no \
    -L "127.0.0.1:$TUNNEL_PORT:$TARGET" "$BASTION" \
    </dev/null >/dev/null 2>>"$folder/log"
}

# What ended a connection, from its words; nothing when it is worth another try.
cause() {
  case "$(cat "$folder/log")" in
  *'HOST IDENTIFICATION HAS CHANGED'* | *'Host key verification failed'* | *'host key is known'*)
    echo host-key
    ;;
  *'Permission denied'* | *'Too many authentication failures'*) echo login ;;
  *'ddress already in use'* | *'annot listen to port'*) echo port ;;
  *'administratively prohibited'*) echo forwarding ;;
  *'no such identity'* | *'Bad configuration option'* | *"Can't open user config"* | *'command not found'*)
    echo client
    ;;
  esac
}

# Keeps a connection up, in the background: while "open" waits for it, then for
# its owner or for an hour.
watch() {
  local opener=$1 ssh_process='' started=$SECONDS
  trap '' HUP
  trap '[ -n "$ssh_process" ] && kill "$ssh_process" 2>/dev/null; exit 0' TERM INT
  wanted() {
    [ -d "$folder" ] || return 1
    if [ ! -f "$folder/open" ]; then alive "$opener" && return 0 || return 1; fi
    if [ -n "${OPENAETHER_OWNER:-}" ]; then alive "$OPENAETHER_OWNER" && return 0 || return 1; fi
    [ $((SECONDS - started)) -lt "$lifetime" ]
  }
  while wanted; do
    : >"$folder/log"
    (connect) &
    ssh_process=$!
    while alive "$ssh_process"; do
      wanted || kill "$ssh_process" 2>/dev/null
      sleep 0.5
    done
    wait "$ssh_process" 2>/dev/null
    ssh_process=''
    [ -d "$folder" ] || break
    if [ ! -f "$folder/open" ] && [ -n "$(cause)" ]; then
      cause >"$folder/failed"
      break
    fi
    sleep 1
  done
}

# Says why, and how to go on. OpenTofu leaves lines alone that begin with a space.
fail() {
  end_watcher
  local known_hosts
  known_hosts="$(cd "$(dirname "$KNOWN_HOSTS")" && pwd)/$(basename "$KNOWN_HOSTS")"
  {
    echo
    printf ' %s\n' "$@"
    cat <<MESSAGE

 Everything is in place but the bootstrap. Open the tunnel in another terminal,
 with the private half of a key in $KEYS:

   ssh -i <key> -L $TUNNEL_PORT:$TARGET $BASTION -N \\
     -o UserKnownHostsFile='$known_hosts'

 and while it is open, finish with (the saved plan is stale by now):

   tofu -chdir=$STACK apply -var-file=\$PWD/$VAR_FILE

MESSAGE
  } >&2
  exit 1
}

explain() {
  case "$1" in
  login)
    fail "The bastion at ${BASTION#*@} refused every key that was offered. Load the right one" \
      "into the agent (ssh-add <key>), or name it: export OPENAETHER_SSH_KEY=<key>"
    ;;
  host-key)
    fail "The machine at ${BASTION#*@} does not have the host key that was made for the" \
      "bastion. It is another machine, or it was set up anew by hand: do not log in to it."
    ;;
  port)
    fail "Something else holds 127.0.0.1:$TUNNEL_PORT, where the tunnel begins. End it, or take" \
      "another port, at every plan and apply: -var=tunnel_port=50001"
    ;;
  forwarding)
    fail "The bastion at ${BASTION#*@} refuses to forward to $TARGET: its sshd is" \
      "not configured as the stack did it. Make it anew: -replace with its server's address."
    ;;
  client)
    fail "ssh cannot work as it is told to: $(head -1 "$folder/log")"
    ;;
  silence)
    fail "Nothing answered at ${BASTION#*@} for $boot_wait seconds: the bastion has not booted, or" \
      "your address is not in admin_ip. ssh said: $(tail -1 "$folder/log" 2>/dev/null)"
    ;;
  esac
}

open() {
  case "$(probe)" in
  tls)
    echo "A tunnel is open on 127.0.0.1:$TUNNEL_PORT."
    return
    ;;
  other) explain port ;;
  silent)
    # A tunnel whose node boots, or something that waits for the other to speak.
    echo "Something listens on 127.0.0.1:$TUNNEL_PORT and does not answer yet; taken for a tunnel."
    return
    ;;
  esac

  end_watcher
  (umask 077 && mkdir "$folder") || exit 1
  printf 'openaether-bastion %s\n' "$HOST_KEY" >"$folder/known_hosts"
  trap 'end_watcher; exit 130' INT TERM
  set -m # a process group of its own: an interrupt of the terminal is not for it
  watch $$ </dev/null >/dev/null 2>&1 3>&- &
  set +m
  echo $! >"$folder/watcher"

  local begun=$SECONDS state
  while :; do
    [ -f "$folder/failed" ] && explain "$(cat "$folder/failed")"
    state=$(probe)
    [ "$state" = closed ] || break
    [ $((SECONDS - begun)) -lt "$boot_wait" ] || explain silence
    sleep 0.2
  done
  # The node may still boot; whether the bastion may forward is known at once.
  [ -n "$(cause)" ] && explain "$(cause)"
  : >"$folder/open"
  echo "ssh $BASTION leads 127.0.0.1:$TUNNEL_PORT to $TARGET."
}

case "${1:-}" in
open) open ;;
close) end_watcher ;;
*)
  echo "tunnel.sh open|close" >&2
  exit 64
  ;;
esac
