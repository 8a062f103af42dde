# One login to the bastion, whatever a user's ssh configuration says. Needs BASTION,
# HOST_KEY and $folder, and optionally a user's settings (see tunnel.sh).
#
# ssh runs with a configuration of its own, written from the user's effective one, as
# `ssh -G` prints it: no option on the command line removes a forward, or a command,
# that is configured elsewhere.

# Every setting, and how it is treated here:
#   honoured   how the bastion is reached and with which key is up to the user
#   ignored    ssh's default applies
#   (a value)  what the tunnel, and the check of the host key, need
settings() {
  cat <<'TABLE'
addkeystoagent                   ignored
addressfamily                    honoured
batchmode                        yes
bindaddress                      honoured
bindinterface                    honoured
canonicaldomains                 ignored
canonicalizefallbacklocal        ignored
canonicalizehostname             no
canonicalizemaxdots              ignored
canonicalizepermittedcnames      ignored
casignaturealgorithms            honoured
certificatefile                  honoured
channeltimeout                   ignored
checkhostip                      no
ciphers                          honoured
clearallforwardings              ignored
compression                      honoured
connectionattempts               ignored
connecttimeout                   10
controlmaster                    no
controlpath                      none
controlpersist                   ignored
dynamicforward                   ignored
enableescapecommandline          ignored
enablesshkeysign                 ignored
escapechar                       ignored
exitonforwardfailure             yes
fingerprinthash                  ignored
forkafterauthentication          ignored
forwardagent                     no
forwardx11                       no
forwardx11timeout                ignored
forwardx11trusted                ignored
gatewayports                     ignored
globalknownhostsfile             /dev/null
gssapiauthentication             ignored
gssapiclientidentity             ignored
gssapidelegatecredentials        ignored
gssapikexalgorithms              ignored
gssapikeyexchange                ignored
gssapirenewalforcesrekey         ignored
gssapiserveridentity             ignored
gssapitrustdns                   ignored
hashknownhosts                   ignored
host                             ignored
hostbasedacceptedalgorithms      ignored
hostbasedauthentication          ignored
hostkeyalgorithms                ssh-ed25519
hostkeyalias                     openaether-bastion
hostname                         honoured
identitiesonly                   honoured
identityagent                    honoured
identityfile                     honoured
ignoreunknown                    ignored
ipqos                            honoured
kbdinteractiveauthentication     ignored
kbdinteractivedevices            ignored
kexalgorithms                    honoured
knownhostscommand                ignored
localcommand                     ignored
localforward                     ignored
loglevel                         VERBOSE
logverbose                       ignored
macs                             honoured
nohostauthenticationforlocalhost no
numberofpasswordprompts          ignored
obscurekeystroketiming           ignored
passwordauthentication           ignored
permitlocalcommand               no
permitremoteopen                 ignored
pkcs11provider                   honoured
port                             honoured
preferredauthentications         publickey
proxycommand                     honoured
proxyjump                        honoured
proxyusefdpass                   honoured
pubkeyacceptedalgorithms         honoured
pubkeyacceptedkeytypes           honoured
pubkeyauthentication             yes
refuseconnection                 ignored
rekeylimit                       ignored
remotecommand                    ignored
remoteforward                    ignored
requesttty                       ignored
requiredrsasize                  honoured
revokedhostkeys                  ignored
securitykeyprovider              honoured
sendenv                          ignored
serveralivecountmax              3
serveraliveinterval              15
sessiontype                      ignored
setenv                           ignored
stdinnull                        ignored
streamlocalbindmask              ignored
streamlocalbindunlink            yes
stricthostkeychecking            yes
syslogfacility                   ignored
tag                              ignored
tcpkeepalive                     honoured
tunnel                           no
tunneldevice                     ignored
updatehostkeys                   no
user                             ignored
userknownhostsfile               .tunnel/known_hosts
verifyhostkeydns                 no
versionaddendum                  ignored
visualhostkey                    no
warnweakcrypto                   ignored
xauthlocation                    ignored
TABLE
}

# A file that a user names: relative to the user's current directory, ~ as in a
# shell.
absolute() {
  case "$1" in
  '~') printf '%s\n' "${HOME:-}" ;;
  '~/'*) printf '%s\n' "${HOME:-}/${1#'~/'}" ;;
  /*) printf '%s\n' "$1" ;;
  *) printf '%s\n' "${FROM:-$PWD}/$1" ;;
  esac
}

# For a value of ssh_config.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# For a line to paste into a shell.
pasteable() {
  case "$1" in
  '' | *[!A-Za-z0-9_./:@%+=,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
  *) printf '%s' "$1" ;;
  esac
}

# The effective user configuration for a login, one setting per line. ssh itself
# refuses some settings here already.
effective() {
  ssh ${users_configuration[@]+"${users_configuration[@]}"} -N -T -G "$1" 2>"$folder/log" </dev/null
}
users_configuration=()

# Writes everything that ssh needs into $folder. Prints a cause where it cannot work.
prepare() {
  printf 'openaether-bastion %s\n' "$HOST_KEY" >"$folder/known_hosts"
  : >"$folder/log"
  if ! command -v ssh >/dev/null 2>&1; then
    echo no-ssh
    return
  fi
  local key=''
  if [ -n "${OPENAETHER_SSH_KEY:-}" ]; then
    key=$(absolute "$OPENAETHER_SSH_KEY")
    local problem
    problem=$(key_problem "$key")
    if [ -n "$problem" ]; then
      echo "$problem"
      return
    fi
    # Its path may contain what ssh would expand; a link's does not.
    local suffix
    for suffix in '' .pub -cert.pub; do
      if [ -e "$key$suffix" ]; then ln -s "$key$suffix" "$folder/key$suffix"; fi
    done
  fi
  if [ -n "${OPENAETHER_SSH_CONFIG:-}" ]; then
    ln -s "$(absolute "$OPENAETHER_SSH_CONFIG")" "$folder/users_ssh_config"
    if [ ! -r "$folder/users_ssh_config" ]; then
      echo "Can't open user config file $(absolute "$OPENAETHER_SSH_CONFIG")" >"$folder/log"
      echo client
      return
    fi
    users_configuration=(-F "$folder/users_ssh_config")
  fi
  if ! effective "$BASTION" >"$folder/effective"; then
    echo client
    return
  fi
  local looped
  looped=$(loop_of "$(value_of proxyjump)" "$(value_of proxycommand)")
  if [ -n "$looped" ]; then
    echo "$looped" >"$folder/log"
    echo loop
    return
  fi
  write_configuration "$key" >"$folder/ssh_config"
}

value_of() { sed -n "s/^$1 //p" "$folder/effective"; }

# The configuration of ssh.
write_configuration() {
  local keyword value honoured key=$1
  settings | sed -E -e '/ (honoured|ignored)$/d' -e "s#^(userknownhostsfile +).*#\\1$folder/known_hosts#"
  if [ -n "$key" ]; then printf 'identitiesonly yes\nidentityfile %s\n' "$folder/key"; fi
  honoured=" $(settings | sed -n 's/ *honoured$//p' | tr '\n' ' ')"
  while read -r keyword value; do
    case "$honoured" in *" $keyword "*) ;; *) continue ;; esac
    case "$keyword" in
    identityfile | certificatefile | identitiesonly)
      # A configured key is the only one.
      if [ -n "$key" ]; then continue; fi
      ;;
    esac
    case "$keyword" in
    identityfile) are_defaults || printf '%s %s\n' "$keyword" "$(quoted "$(seen_from "$value")")" ;;
    certificatefile | identityagent)
      printf '%s %s\n' "$keyword" "$(quoted "$(seen_from "$value")")"
      ;;
    hostname | pkcs11provider | securitykeyprovider) printf '%s %s\n' "$keyword" "$(quoted "$value")" ;;
    # Through a jump host, with the user's own configuration for that one.
    proxyjump) printf 'proxycommand %s\nproxyusefdpass no\n' "$(jump "$value")" ;;
    proxyusefdpass) [ -n "$(value_of proxyjump)" ] || printf '%s %s\n' "$keyword" "$value" ;;
    *) printf '%s %s\n' "$keyword" "$value" ;;
    esac
  done <"$folder/effective"
}

# Not configured: ssh lists its own defaults too, and would warn of each that is missing.
are_defaults() {
  [ "$(value_of identityfile | grep -c '^~/\.ssh/id_[a-z0-9_]*$')" -gt 3 ]
}

# A path of a user's configuration; ssh's own expansions are left to ssh.
seen_from() {
  case "$1" in
  none | SSH_AUTH_SOCK | /* | '~'* | '%'* | '$'*) printf '%s' "$1" ;;
  *) printf '%s/%s' "$(printf '%s' "${FROM:-$PWD}" | sed 's/%/%%/g')" "$1" ;;
  esac
}

# A jump as ssh itself would start it, without a prompt.
jump() {
  local hop=${1##*,} before=''
  case "$1" in *,*) before="-J '${1%,*}' " ;; esac
  local fork=''
  if grep -q '^forkafterauthentication ' "$folder/effective"; then fork='-o ForkAfterAuthentication=no '; fi
  printf "ssh %s-o BatchMode=yes -o ConnectTimeout=10 -o ControlMaster=no %s%s-W '[%%h]:%%p' '%s'" \
    "${users_configuration[*]+${users_configuration[*]} }" "$fork" "$before" "ssh://$hop"
}

# A jump host that is reached through itself: every ssh would start the next one,
# endlessly. Prints the host.
loop_of() {
  local jumps=$1 command=$2 seen=' ' hop settings
  while :; do
    if [ -n "$jumps" ] && [ "$jumps" != none ]; then
      hop=${jumps%%,*}
      settings=$(effective "ssh://$hop") || settings=''
      grep -q 'jumphost loop' "$folder/log" && echo "$hop" && return
    elif [ -n "$command" ] && [ "$command" != none ]; then
      # Only ssh commands can be checked.
      case "$command" in ssh\ * | /*/ssh\ *) ;; *) return ;; esac
      hop=$command
      settings=$(printf '%s' "${command%%ssh *}ssh -N -T -G ${command#*ssh }" | sed 's/%h/127.0.0.1/g; s/%p/22/g')
      settings=$(sh -c "$settings" 2>/dev/null </dev/null) || return
    else
      return
    fi
    case "$seen" in *" $hop "*) echo "$hop" && return ;; esac
    seen="$seen$hop "
    jumps=$(printf '%s\n' "$settings" | sed -n 's/^proxyjump //p')
    command=$(printf '%s\n' "$settings" | sed -n 's/^proxycommand //p')
  done
}

# Why ssh cannot use a private key that a user names.
key_problem() {
  local key=$1 said
  if [ ! -e "$key" ]; then
    echo key-missing
  elif [ -d "$key" ]; then
    echo key-directory
  elif [ ! -r "$key" ]; then
    echo key-unreadable
  elif [ ! -s "$key" ]; then
    echo key-empty
  elif ! grep -q 'PRIVATE KEY-----' "$key"; then
    # A public key refers to one in the agent.
    ssh-keygen -l -f "$key" >/dev/null 2>&1 || echo key-unknown
  elif is_open "$key"; then
    echo key-open
  elif ! said=$(ssh-keygen -y -P '' -f "$key" 2>&1 </dev/null); then
    case "$said" in
    *passphrase*) in_agent "$key" || echo key-locked ;;
    *) if grep -q $'\r' "$key"; then echo key-crlf; else echo key-unknown; fi ;;
    esac
  fi
}

# ssh ignores a private key that other users can read.
is_open() {
  ls -lnL "$1" | {
    read -r mode _ owner _
    [ "$owner" = "$(id -u)" ] || return 1
    case "$mode" in ????------*) return 1 ;; esac
  }
}

in_agent() {
  local print
  print=$(ssh-keygen -l -f "$1" 2>/dev/null | cut -d ' ' -f 2)
  [ -n "$print" ] && ssh-add -l 2>/dev/null | grep -qF "$print"
}

# One connection, until it ends; its output goes to the log. $1: the forwards, one per
# line.
connect() {
  local forwards=() forward
  while IFS= read -r forward; do
    forwards+=(-L "$forward")
  done <<<"$1"
  exec ssh -F "$folder/ssh_config" -N -T "${forwards[@]}" "$BASTION" \
    </dev/null >/dev/null 2>>"$folder/log"
}

has_logged_in() { cat "$folder/words" "$folder/log" 2>/dev/null | grep -q '^Authenticated to '; }

# Causes that a retry cannot change.
permanent='not found|No such file|Permission denied|Host key verification failed|IDENTIFICATION HAS CHANGED|host key is known|not known|nodename nor servname|Unable to negotiate|no matching|Bad configuration option|Bad owner or permissions|administratively prohibited|Too many authentication failures|nvalid|nsupported|percent_expand|Cannot execute'
# Causes worth a retry: a booting machine, a broken connection.
transient='onnection refused|timed out|[Tt]imeout|No route to host|etwork is (unreachable|down)|onnection reset|onnection closed|closed by remote host|Broken pipe|not responding|Temporary failure|exceeded MaxStartups|not permitted to log in|booting up'

said() { grep -Eq "$1" "$folder/log" 2>/dev/null; }

# What ended a connection, from its output. Nothing when it is worth a retry;
# "unknown" when that is not known.
cause() {
  # ssh's name for the other end of a command: then the bastion did not refuse.
  if said 'UNKNOWN port 65535'; then
    if said "$permanent"; then
      echo proxy
    elif ! grep -v 'UNKNOWN port 65535' "$folder/log" | grep -Eq "$transient"; then
      echo unknown
    fi
  elif said 'IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known'; then
    echo host-key
  elif said 'Permission denied \(|Too many authentication failures'; then
    echo login
  elif said 'ddress already in use|annot listen to port|Could not request local forwarding'; then
    echo port
  elif said 'administratively prohibited'; then
    echo forwarding
  elif said "$permanent"; then
    echo client
  elif ! said "$transient"; then
    echo unknown
  fi
}

# ssh's last output, never empty: the most informative lines.
last_words() {
  local words dull='^$|^Authenticated to |^Transferred: |^Bytes per second|^debug[0-9]: |UNKNOWN port 65535|: terminating, '
  words=$(cat "$folder/words" "$folder/log" 2>/dev/null | tr -d '\r' | grep -Ev "$dull")
  printf '%s\n' "$words" | grep -v '^kex_exchange_identification: ' | tail -1 | grep . ||
    printf '%s\n' "${words:-nothing}" | tail -1
}

# The message for a cause, in lines.
sentence() {
  local bastion=${BASTION:-} key='' lead=${LEAD:-OPENAETHER_SSH_KEY names}
  bastion=${bastion#*@}
  [ -z "${OPENAETHER_SSH_KEY:-}" ] || key=$(absolute "$OPENAETHER_SSH_KEY")
  case "$1" in
  no-ssh) echo "There is no ssh: the way to the nodes leads through the bastion. Install OpenSSH's client." ;;
  no-verifier)
    echo "Nothing here can check the certificate of Talos's API: install openssl (OpenSSL 1.1.1 or"
    echo "newer; LibreSSL does not know Ed25519 certificates), node or python3."
    ;;
  key-missing) echo "$lead $key, and there is no such file." ;;
  key-directory) echo "$lead $key, which is a directory: name the private key in it." ;;
  key-unreadable) echo "$lead $key, which you may not read." ;;
  key-empty) echo "$lead $key, which is empty." ;;
  key-open)
    echo "$lead $key, which others may read; ssh ignores such a key:"
    echo "chmod 600 $(pasteable "$key")"
    ;;
  key-crlf)
    echo "$lead $key, whose lines end as on Windows (CRLF); ssh cannot read that:"
    echo "tr -d '\\r' <$(pasteable "$key") >key && chmod 600 key"
    ;;
  key-locked)
    echo "$lead $key, which has a passphrase, and nobody can type it here:"
    echo "ssh-add $(pasteable "$key")"
    ;;
  key-unknown) echo "$lead $key, which is no private key that ssh can read." ;;
  login)
    local unread
    unread=$(sed -n 's/^Load key "\(.*\)": bad permissions.*/\1/p' "$folder/log" | head -1)
    if [ -n "$unread" ]; then
      echo "ssh ignores the key $unread, which others may read:"
      echo "chmod 600 $(pasteable "$unread")"
    elif [ -n "$key" ]; then
      echo "The bastion at $bastion refused the key that OPENAETHER_SSH_KEY names, $key:"
      echo "it is none of ${KEYS:-bastion_ssh_keys}."
    else
      echo "The bastion at $bastion refused every key that was offered. Load the right one"
      echo "into the agent (ssh-add <key>), or name it: export OPENAETHER_SSH_KEY=<key>"
    fi
    ;;
  host-key)
    echo "The machine at $bastion does not have the host key that was made for the"
    echo "bastion. It is another machine, or it was set up anew by hand: do not log in to it."
    ;;
  port)
    echo "Something else holds 127.0.0.1:$TUNNEL_PORT, where the tunnel begins. End it, or take"
    echo "another port, at every plan and apply: -var=tunnel_port=$((TUNNEL_PORT + 1))"
    ;;
  forwarding)
    echo "The bastion at $bastion refuses to forward to $TARGET: its sshd is"
    echo "not configured as the stack did it. Recreate it: -replace with its server's address."
    ;;
  loop)
    echo "In your ssh configuration the way to $(cat "$folder/log") leads over itself: exclude it from"
    echo "its own ProxyJump or ProxyCommand (Host * !jump)."
    ;;
  proxy)
    echo "The way to the bastion that your ssh configuration names (ProxyJump or ProxyCommand)"
    echo "failed. ssh said: $(last_words)"
    ;;
  client)
    echo "ssh cannot work as it is told to: $(last_words)"
    ;;
  unknown)
    echo "ssh does not get to the bastion at $bastion. It said: $(last_words)"
    ;;
  lost)
    echo "ssh logged in to the bastion at $bastion, and the connection ended again and again."
    echo "ssh said: $(last_words)"
    ;;
  silence)
    if cat "$folder/words" "$folder/log" 2>/dev/null | grep -q 'UNKNOWN port 65535'; then
      sentence proxy
      return
    fi
    echo "Nothing answered at $bastion$waited: the bastion has not booted, or"
    echo "your address is not in admin_ip. ssh said: $(last_words)"
    ;;
  esac
}
