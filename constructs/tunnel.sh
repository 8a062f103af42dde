#!/usr/bin/env bash
# The last step before bootstrap: is there a way to the first node's Talos API?
# It has no public address; a tunnel through the bastion ends at a local port.
#
# Given in the environment: TUNNEL_PORT, NODE_ADDRESS, BASTION_ADDRESS,
# KNOWN_HOSTS (the file that pins the bastion's host key), STACK (this folder,
# seen from the one that tofu.tfvars is in), VAR_FILE (its name).
set -u

if (exec 3<>"/dev/tcp/127.0.0.1/$TUNNEL_PORT") 2>/dev/null; then
  echo "A tunnel is open on 127.0.0.1:$TUNNEL_PORT."
  exit 0
fi

known_hosts="$(cd "$(dirname "$KNOWN_HOSTS")" && pwd)/$(basename "$KNOWN_HOSTS")"

# OpenTofu leaves lines alone that begin with a space.
cat >&2 <<MESSAGE

 Everything is in place but the bootstrap: nothing answers on 127.0.0.1:$TUNNEL_PORT,
 where a tunnel to the first node's Talos API must begin. Open one in another
 terminal, with the private half of a key in bastion_ssh_keys:

   ssh -i <key> -L $TUNNEL_PORT:$NODE_ADDRESS:50000 ubuntu@$BASTION_ADDRESS -N \\
     -o UserKnownHostsFile='$known_hosts'

 and while it is open, finish with (the saved plan is stale by now):

   tofu -chdir=$STACK apply -var-file=\$PWD/$VAR_FILE

MESSAGE
exit 1
