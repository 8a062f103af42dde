#!/usr/bin/env bash
# Opens an SSH tunnel through the bastion to a node's Talos API, which has no public
# address. Needs OpenSSH's client, bash 3.2, and openssl, node or python3.
#
#   tunnel.sh open     opens it, unless one to this cluster is open already, and leaves
#                      it in the background for the next steps
#   tunnel.sh close    ends what "open" started; a tunnel opened by hand stays
#   tunnel.sh login    logs in until it is ended, with other forwards; prints a cause
#                      and a message about it when that fails
#   tunnel.sh key      prints the problem of the key that a user names
#
# Set by an apply:
#   TUNNEL_DIRECTORY  where an open tunnel's files are, in the current directory (.tunnel)
#   TUNNEL_PORT       the local port, on 127.0.0.1
#   TARGET            the other end: "172.16.4.4:50000"
#   BASTION           the login: "ubuntu@51.15.33.9"
#   HOST_KEY          the bastion's public host key, created by the stack
#   TALOS_CA          the CA of the cluster's Talos APIs, PEM
#   KEYS              the authorized keys: "bastion_ssh_keys.ovh (SHA256:…)"
#   FROM              the user's current directory: the base of relative names
#   KNOWN_HOSTS       the user's file of that name, for the commands that are printed;
#                     empty: there is none
#   STACK, VAR_FILE   for the next apply's command; empty: "apply again"
# Set without an apply that follows:
#   BY_HAND           not empty
# Also set for "login":
#   FORWARDS          arguments of ssh -L, one per line
# Optionally set by a user:
#   OPENAETHER_SSH_KEY      a private key, instead of the agent's and the default ones
#   OPENAETHER_SSH_CONFIG   an ssh configuration, instead of the default one
#   OPENAETHER_SSH_WAIT     how many seconds the bastion, and then the node, may take
#                           to boot (300)
# Set by openaether:
#   OPENAETHER_OWNER        a process: the tunnel ends when that has ended
set -u
export LC_ALL=C
# tofu's environment has it; a tunnel that stays open needs none.
unset TF_VAR_state_passphrase

# At most this long after a failed bootstrap; the next apply uses it.
lifetime=3600
boot_wait=${OPENAETHER_SSH_WAIT:-300}
waited=" for $boot_wait seconds"
# Relative: ssh would interpret a space, a % or a quote in the path above.
directory=${TUNNEL_DIRECTORY:-.tunnel}
folder=$directory
here=$(dirname "$0")

alive() { kill -0 "$1" 2>/dev/null; }

. "$here/ssh.sh"
. "$here/talos.sh"

end_watcher() {
  local process
  process=$(cat "$folder/watcher" 2>/dev/null)
  # After a reboot, the process id may be another program's.
  case "$(ps -o args= -p "${process:-0}" 2>/dev/null)" in
  *tunnel.sh*) kill "$process" 2>/dev/null ;;
  esac
  rm -rf "$folder"
}

# Ends what was started here, and nothing of an earlier run.
clean_up() {
  if [ "$folder" = "$directory" ]; then end_watcher; else rm -rf "$folder"; fi
}

# Keeps a connection up, in the background: while "open" waits for it, then for its
# owner or for an hour.
watch() {
  local opener=$1 ssh_process='' started=$SECONDS attempts=0 unknown=0 why
  trap '' HUP
  trap '[ -n "$ssh_process" ] && kill "$ssh_process" 2>/dev/null; exit 0' TERM INT
  wanted() {
    [ -d "$folder" ] || return 1
    if [ ! -f "$folder/open" ]; then alive "$opener" && return 0 || return 1; fi
    if [ -n "${OPENAETHER_OWNER:-}" ]; then alive "$OPENAETHER_OWNER" && return 0 || return 1; fi
    [ $((SECONDS - started)) -lt "$lifetime" ]
  }
  while wanted; do
    if [ -s "$folder/log" ]; then mv "$folder/log" "$folder/words"; fi
    : >"$folder/log"
    (connect "127.0.0.1:$TUNNEL_PORT:$TARGET") &
    ssh_process=$!
    echo "$ssh_process" >"$folder/ssh"
    while alive "$ssh_process"; do
      wanted || kill "$ssh_process" 2>/dev/null
      sleep 0.5
    done
    wait "$ssh_process" 2>/dev/null
    ssh_process=''
    [ -d "$folder" ] || break
    why=$(cause)
    if [ "$why" = unknown ]; then
      # Fatal the third time; a tunnel that was open once is always reopened.
      unknown=$((unknown + 1))
      if [ "$unknown" -lt 3 ] || [ -f "$folder/open" ]; then why=''; fi
    fi
    if [ -n "$why" ]; then
      echo "$why" >"$folder/failed"
      break
    fi
    attempts=$((attempts + 1))
    sleep $((attempts < 10 ? 1 : 5))
  done
}

# Prints why, and what to do. OpenTofu does not wrap lines that begin with a space.
fail() {
  local sentence home port=''
  sentence=$("$@")
  clean_up
  {
    echo
    printf '%s\n' "$sentence" | sed 's/^/ /'
    echo
    if [ -n "${BY_HAND:-}" ]; then
      echo " By hand, the tunnel is opened by these lines,"
    else
      echo " Everything is in place but the bootstrap. Open the tunnel in another terminal,"
    fi
    echo " with the private half of a key in $KEYS:"
    echo
    if [ -n "${KNOWN_HOSTS:-}" ]; then
      home=$(cd "$(dirname "$KNOWN_HOSTS")" && pwd)
      echo "   cd $(pasteable "$home")"
    else
      KNOWN_HOSTS=known_hosts
      echo "   echo $(pasteable "${BASTION#*@} $HOST_KEY") > known_hosts"
    fi
    cat <<MESSAGE
   ssh -i <key> -L $TUNNEL_PORT:$TARGET $BASTION -N -o UserKnownHostsFile=$(basename "$KNOWN_HOSTS")

MESSAGE
    if [ -n "${STACK:-}" ]; then
      [ "$TUNNEL_PORT" = 50000 ] || port=" -var=tunnel_port=$TUNNEL_PORT"
      cat <<MESSAGE
 and while it is open, finish with (the saved plan is stale by now):

   tofu -chdir=$(pasteable "$STACK") apply -var-file="\$PWD"/$(pasteable "$VAR_FILE")$port

MESSAGE
    elif [ -z "${BY_HAND:-}" ]; then
      echo " and while it is open, apply again."
      echo
    fi
  } >&2
  exit 1
}

# $1: what answered on the port, without a tunnel of this run.
stranger() {
  echo "Something else holds 127.0.0.1:$TUNNEL_PORT, where the tunnel begins, and it is not"
  case "$1" in
  untrusted:*) echo "this cluster's Talos (${1#untrusted: }). Nothing was sent to it." ;;
  silent) echo "this cluster's Talos: it did not answer for $boot_wait seconds." ;;
  *) echo "this cluster's Talos." ;;
  esac
  if [ -n "${STACK:-}${BY_HAND:-}" ]; then
    echo "End it, or take another port, at every plan and apply: -var=tunnel_port=$((TUNNEL_PORT + 1))"
  else
    echo "End it, or take another tunnel port, such as $((TUNNEL_PORT + 1))."
  fi
}

# The same, through a tunnel of this run.
impostor() {
  case "$1" in
  untrusted:*)
    echo "What answers through the bastion for $TARGET is not this cluster's Talos"
    echo "(${1#untrusted: }). Nothing was sent to it. Either the node has no machine"
    echo "configuration, or the bastion answers in its place."
    ;;
  other)
    echo "What answers through the bastion for $TARGET is not this cluster's Talos:"
    echo "it does not speak TLS. Nothing was sent to it."
    ;;
  *)
    echo "The tunnel is open, and $TARGET did not answer through it for $boot_wait seconds:"
    echo "the node has not booted, or refused its machine configuration. ssh said: $(last_words)"
    ;;
  esac
}

# When ssh has finally failed. The port may be held by the user's own tunnel.
give_up() {
  local why
  why=$(cat "$folder/failed")
  if [ "$why" = port ] && [ "$(answers)" = ours ]; then is_open_already; fi
  fail sentence "$why"
}

is_open_already() {
  clean_up
  echo "A tunnel is open on 127.0.0.1:$TUNNEL_PORT."
  exit 0
}

open() {
  local state begun=$SECONDS why told=''
  folder=$directory.$$
  trap 'clean_up; exit 130' INT TERM
  (umask 077 && mkdir "$folder") || exit 1
  printf '%s\n' "$TALOS_CA" >"$folder/talos-ca.pem"
  [ -n "$(verifier)" ] || fail sentence no-verifier

  # A tunnel whose node is booting, or a server that waits for the client.
  state=$(answers)
  if [ "$state" = silent ]; then
    echo "Something listens on 127.0.0.1:$TUNNEL_PORT and does not answer yet."
    while [ "$state" = silent ] && [ $((SECONDS - begun)) -lt "$boot_wait" ]; do
      sleep 0.5
      state=$(answers)
    done
  fi
  case "$state" in
  closed) ;;
  ours) is_open_already ;;
  *) fail stranger "$state" ;;
  esac

  rm -rf "$folder"
  folder=$directory
  end_watcher
  (umask 077 && mkdir "$folder") || exit 1
  printf '%s\n' "$TALOS_CA" >"$folder/talos-ca.pem"
  why=$(prepare)
  [ -z "$why" ] || fail sentence "$why"
  set -m # a process group of its own: the terminal's interrupts do not reach it
  watch $$ </dev/null >/dev/null 2>&1 3>&- &
  set +m
  echo $! >"$folder/watcher"

  begun=$SECONDS
  until has_logged_in; do
    failed && give_up
    [ $((SECONDS - begun)) -lt "$boot_wait" ] || fail sentence silence
    sleep 0.1
  done
  begun=$SECONDS
  while :; do
    failed && give_up
    state=$(answers)
    case "$state" in
    ours) if alive "$(cat "$folder/ssh")"; then break; fi ;;
    untrusted:* | other)
      # Another process took the port before ssh: then ssh has ended, or ends now.
      sleep 1
      failed && give_up
      fail impostor "$state"
      ;;
    silent)
      # Whether the bastion may forward is known at once; the node may still be booting.
      if said 'administratively prohibited'; then fail sentence forwarding; fi
      ;;
    esac
    if [ $((SECONDS - begun)) -ge "$boot_wait" ]; then
      if [ "$state" = closed ]; then fail sentence lost; else fail impostor silent; fi
    fi
    if [ $((SECONDS - begun)) -ge 5 ] && [ -z "$told" ]; then
      told=1
      echo "Logged in to the bastion; waiting for Talos at $TARGET."
    fi
    sleep 0.2
  done
  : >"$folder/open"
  echo "ssh $BASTION leads 127.0.0.1:$TUNNEL_PORT to $TARGET."
}

failed() { [ -f "$folder/failed" ]; }

# Ends with the process that asked for it.
login() {
  local why ssh_process
  waited=''
  mkdir "$folder" || exit 1
  why=$(prepare)
  if [ -z "$why" ]; then
    (connect "$FORWARDS") &
    ssh_process=$!
    trap 'kill "$ssh_process" 2>/dev/null; exit 0' TERM INT HUP
    while alive "$ssh_process"; do
      alive "$OPENAETHER_OWNER" || kill "$ssh_process" 2>/dev/null
      sleep 0.1
    done
    why=$(cause)
    [ -n "$why" ] || why=$(has_logged_in && echo lost || echo silence)
  fi
  echo "$why"
  sentence "$why"
}

case "${1:-}" in
open) open ;;
close) end_watcher ;;
login) login ;;
key)
  why=$(key_problem "$(absolute "$OPENAETHER_SSH_KEY")")
  if [ -n "$why" ]; then
    echo "$why"
    sentence "$why"
  fi
  ;;
*)
  echo "tunnel.sh open|close|login|key" >&2
  exit 64
  ;;
esac
