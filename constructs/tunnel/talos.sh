# Checks what answers on the tunnel's local port. Needs TUNNEL_PORT, TALOS_CA (PEM) and $folder.
#
# A first TLS hello, which reveals nothing, distinguishes TLS from anything else; then
# a program with a TLS library checks the certificate against the cluster's own CA:
# TLS 1.3, Ed25519, for 127.0.0.1. The client's certificate is not used.

# The program that can; nothing where there is none. macOS's LibreSSL cannot: neither
# its openssl nor the python3 that is built with it supports Ed25519 certificates.
verifier() {
  local python='import ssl,sys; sys.exit(0 if ssl.HAS_TLSv1_3 and "LibreSSL" not in ssl.OPENSSL_VERSION else 1)'
  case "$(openssl version 2>/dev/null)" in
  'OpenSSL 1.1.1'* | 'OpenSSL '[3-9]*) echo openssl ;;
  *)
    if command -v node >/dev/null 2>&1; then
      echo node
    elif python3 -c "$python" >/dev/null 2>&1; then
      echo python3
    fi
    ;;
  esac
}

# Prints "closed", "silent" (accepted, without an answer), "other" (no TLS) or "tls".
hello() {
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

# Prints "ours", or the program's error about the certificate.
handshake() {
  case "$(verifier)" in
  openssl)
    # -brief prints these two lines only after a complete handshake.
    local said
    said=$(within 10 openssl s_client -brief -tls1_3 -verify_return_error -verify_ip 127.0.0.1 \
      -CAfile "$folder/talos-ca.pem" -no-CApath -connect "127.0.0.1:$TUNNEL_PORT")
    case "$said" in
    *'CONNECTION ESTABLISHED'*'Verification: OK'*) echo ours ;;
    *) printf '%s\n' "$said" | sed -n 's/.*verify error:num=[0-9]*:\(.*\)/untrusted: \1/p' | head -1 ;;
    esac
    ;;
  node)
    # rejectUnauthorized is explicit, since NODE_TLS_REJECT_UNAUTHORIZED may be set.
    NODE_OPTIONS='' NODE_NO_WARNINGS=1 within 10 node -e '
      const { readFileSync } = require("fs");
      const [file, port] = process.argv.slice(1);
      const untrusted = /CERT|VERIFY|ISSUER|SIGNED|SIGNATURE|ALTNAME/;
      require("tls")
        .connect({
          host: "127.0.0.1", port: Number(port), ca: readFileSync(file),
          minVersion: "TLSv1.3", rejectUnauthorized: true,
        }, () => { console.log("ours"); process.exit(); })
        .on("error", ({ code = "", message }) => {
          if (untrusted.test(code)) console.log("untrusted: " + message.split("\n")[0]);
          process.exit();
        });
    ' "$folder/talos-ca.pem" "$TUNNEL_PORT"
    ;;
  python3)
    within 10 python3 -c '
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_verify_locations(sys.argv[1])
try:
    plain = socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5)
    context.wrap_socket(plain, server_hostname="127.0.0.1")
    print("ours")
except ssl.SSLCertVerificationError as problem:
    print("untrusted: " + problem.verify_message)
except OSError:
    pass
' "$folder/talos-ca.pem" "$TUNNEL_PORT"
    ;;
  esac
}

# Runs a command for so many seconds at most, and prints its whole output. macOS has
# no `timeout`.
within() {
  local limit=$(($1 * 20)) process
  shift
  "$@" </dev/null >"$folder/said" 2>&1 &
  process=$!
  while alive "$process" && [ "$limit" -gt 0 ]; do
    sleep 0.05
    limit=$((limit - 1))
  done
  kill "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  cat "$folder/said"
}

# Prints "closed", "silent", "other", "ours" or "untrusted: why".
answers() {
  local state
  state=$(hello)
  if [ "$state" = tls ]; then
    state=$(handshake)
    # Disconnected halfway: a node that is not up yet.
    [ -n "$state" ] || state=silent
  fi
  echo "$state"
}
