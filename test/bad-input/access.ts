import { variableNames } from "../../src/config/schema/variables";
import { utils } from "ssh2";
import { publicKey } from "../support/input";
import { privateKey, privateKeyBody, shortRsaKey } from "./secrets";
import { file, lines, sshKey, sshKeys, type Row, valid } from "./table";

/** 4096 bits. */
const longKey = utils.generateKeyPairSync("rsa", { bits: 4096 }).public.trim();

/** The body of an ECDSA key whose point is zero. */
const zeroPoint = Buffer.concat([
  ...[Buffer.from("ecdsa-sha2-nistp256"), Buffer.from("nistp256")].map((text) =>
    Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]),
  ),
  Buffer.from([0, 0, 0, 65, 4]),
  Buffer.alloc(64),
]).toString("base64");

export const access: readonly Row[] = [
  [
    "the whole internet",
    lines('admin_ip = "0.0.0.0/0"'),
    'tofu.tfvars:4  admin_ip = "0.0.0.0/0"',
    "This lets in more than a /8 of the internet. Name the networks you administer from, or set allow_open_admin = true.",
  ],
  [
    "the whole internet, with consent that cannot be read",
    lines('admin_ip = "0.0.0.0/0"', "allow_open_admin = [true]"),
    'tofu.tfvars:4  admin_ip = "0.0.0.0/0"',
    "This lets in more than a /8 of the internet. Name the networks you administer from, or set allow_open_admin = true.",
    "tofu.tfvars:15  allow_open_admin",
    "Expected true or false, without quotes, got a list.",
  ],
  [
    "the whole internet in halves",
    lines('admin_ip = ["0.0.0.0/1", "128.0.0.0/1"]'),
    "tofu.tfvars:4  admin_ip",
    "This lets in more than a /8 of the internet. Name the networks you administer from, or set allow_open_admin = true.",
  ],
  [
    "more than a /8 in pieces",
    lines('admin_ip = ["9.0.0.0/8", "203.0.113.7"]'),
    "tofu.tfvars:4  admin_ip",
    "This lets in more than a /8 of the internet. Name the networks you administer from, or set allow_open_admin = true.",
  ],
  [
    "IPv6",
    lines('admin_ip = "2001:db8::7"'),
    'tofu.tfvars:4  admin_ip = "2001:db8::7"',
    "An IPv6 address; load balancer and bastion have IPv4 addresses only.",
  ],
  [
    "an IPv6 network",
    lines('admin_ip = ["203.0.113.7", "2001:db8::/32"]'),
    'tofu.tfvars:4  admin_ip[1] = "2001:db8::/32"',
    "An IPv6 address; load balancer and bastion have IPv4 addresses only.",
  ],
  [
    "three numbers",
    lines('admin_ip = "203.0.113"'),
    'tofu.tfvars:4  admin_ip = "203.0.113"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "a number above 255",
    lines('admin_ip = "203.0.113.256"'),
    'tofu.tfvars:4  admin_ip = "203.0.113.256"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "a leading zero, octal to some",
    lines('admin_ip = "203.0.113.007"'),
    'tofu.tfvars:4  admin_ip = "203.0.113.007"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "a prefix above 32",
    lines('admin_ip = "203.0.113.7/33"'),
    'tofu.tfvars:4  admin_ip = "203.0.113.7/33"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "a netmask",
    lines('admin_ip = "203.0.113.0/255.255.255.0"'),
    'tofu.tfvars:4  admin_ip = "203.0.113.0/255.255.255.0"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "a range",
    lines('admin_ip = "203.0.113.7-203.0.113.9"'),
    'tofu.tfvars:4  admin_ip = "203.0.113.7-203.0.113.9"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "a name",
    lines('admin_ip = "office.example.org"'),
    'tofu.tfvars:4  admin_ip = "office.example.org"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "several in one text",
    lines('admin_ip = "203.0.113.7, 203.0.113.8"'),
    'tofu.tfvars:4  admin_ip = "203.0.113.7, 203.0.113.8"',
    'Several are a list: ["203.0.113.7", "203.0.113.0/24"].',
  ],
  [
    "an empty text",
    lines('admin_ip = ""'),
    'tofu.tfvars:4  admin_ip = ""',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
  ],
  [
    "an empty list",
    lines("admin_ip = []"),
    "tofu.tfvars:4  admin_ip",
    "An empty list. At least one belongs here.",
  ],
  [
    "none",
    lines("admin_ip = null"),
    "tofu.tfvars:4  admin_ip",
    'Required: the public IPv4 address you administer from, such as "203.0.113.7".',
  ],
  [
    "a multicast address",
    lines('admin_ip = "224.0.0.1"'),
    'tofu.tfvars:4  admin_ip = "224.0.0.1"',
    "No host has this address: it is reserved, multicast or broadcast.",
  ],
  [
    "the address of no host",
    lines('admin_ip = "0.0.0.0"'),
    'tofu.tfvars:4  admin_ip = "0.0.0.0"',
    "No host has this address: it is reserved, multicast or broadcast.",
  ],
  [
    "thousands of networks",
    lines(
      `admin_ip = [${Array.from({ length: 3000 }, (_, i) => `"8.8.${i >> 8}.${i & 255}"`).join(", ")}]`,
    ),
    "tofu.tfvars:4  admin_ip",
    "3000 entries; at most 100 are allowed. Name larger networks, or the addresses of a VPN.",
  ],
  [
    "a private address",
    lines('admin_ip = "192.168.1.20"'),
    'warning tofu.tfvars:4  admin_ip = "192.168.1.20"',
    "A private address: over the internet you come from another one, and would be shut out.",
  ],
  [
    "the example's placeholder",
    lines('admin_ip = "<your public IPv4 address>"'),
    'tofu.tfvars:4  admin_ip = "<your public IPv4 address>"',
    "Still the example's placeholder.",
  ],
  [
    "more keys than the bastion's user data takes",
    file(
      valid
        .replace(
          'scaleway = "',
          `ovh = [${Array.from({ length: 90 }, (_, i) => `"${longKey} k${i}"`).join(", ")}], scaleway = "`,
        )
        .replace(
          /scaleway = \{[^]*/,
          'ovh = { control_planes = 1, workers = 0, region = "GRA11", image_name = "talos-v1.14.1" }\n}\n',
        ),
    ),
    "tofu.tfvars:5  bastion_ssh_keys.ovh",
    "The bastion's user data would have 70151 bytes; OVHcloud takes 49149 at most. 65510 of them are these 90 keys: use fewer, or Ed25519 keys, which are short.",
  ],
  [
    "a private key",
    sshKey(privateKey),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    "This is a private key. Put the public half here (the .pub file), and replace the key: it may have been copied already. Its text is not shown.",
  ],
  [
    "a private key that lost its lines' ends",
    sshKey(`-----BEGIN OPENSSH PRIVATE KEY----- ${privateKeyBody}`),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    "This is a private key. Put the public half here (the .pub file), and replace the key: it may have been copied already. Its text is not shown.",
  ],
  [
    "a private key among public ones",
    sshKeys(`{ scaleway = ["${publicKey}", "${privateKey}"] }`),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway[1]",
    "This is a private key. Put the public half here (the .pub file), and replace the key: it may have been copied already. Its text is not shown.",
  ],
  [
    "a private key's body alone",
    sshKey(privateKeyBody),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub).`,
  ],
  [
    "a private key as a variable of its own",
    lines(`ssh_key = "${privateKey}"`),
    "tofu.tfvars:15  ssh_key",
    `There is no such variable. Variables: ${variableNames.join(", ")}.`,
    "tofu.tfvars:15  ssh_key",
    "This is a private key. Remove it, and replace the key: it may have been copied already. Its text is not shown.",
  ],
  [
    "a private key as admin_ip",
    lines(`admin_ip = "${privateKey}"`),
    "tofu.tfvars:4  admin_ip",
    "This is a private key. Remove it, and replace the key: it may have been copied already. Its text is not shown.",
  ],
  [
    "a key of a dead type",
    sshKey("ssh-dss AAAAB3NzaC1kc3MAAACBAP1/U4Ed me@desk"),
    'tofu.tfvars:5  bastion_ssh_keys.scaleway = "ssh-dss AAAAB3NzaC1kc3MAAACBAP1/U4Ed me…',
    "OpenSSH takes no ssh-dss keys any more. Create a new one: ssh-keygen -t ed25519.",
  ],
  [
    "a short RSA key",
    sshKey(shortRsaKey),
    'tofu.tfvars:5  bastion_ssh_keys.scaleway = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQD…',
    "An RSA key of 1024 bits; at least 2048 are needed. Create a new one: ssh-keygen -t ed25519.",
  ],
  [
    "a key cut short",
    sshKey(publicKey.slice(0, 50)),
    'tofu.tfvars:5  bastion_ssh_keys.scaleway = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHV…',
    `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub). Its second word is not base64, or was cut off.`,
  ],
  [
    "a key of zeroes",
    sshKey(`ecdsa-sha2-nistp256 ${zeroPoint} me`),
    'tofu.tfvars:5  bastion_ssh_keys.scaleway = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTI…',
    `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub). It is damaged: no such key can exist.`,
  ],
  [
    "a key's file name",
    sshKey("~/.ssh/id_ed25519.pub"),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    "This is a file's name. Its text belongs here: cat <file>.pub",
  ],
  [
    "a key's fingerprint",
    sshKey("SHA256:Jk3yZkqvUBQWmJxX0b9mRa3nL0"),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    "This is a key's fingerprint. The key itself belongs here.",
  ],
  [
    "two keys in one text",
    sshKey(`${publicKey}\\n${publicKey}`),
    'tofu.tfvars:5  bastion_ssh_keys.scaleway = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHV…',
    'One key, one line; several are a list: ["ssh-ed25519 …", "ssh-ed25519 …"].',
  ],
  [
    "a comment with a line's end in it",
    sshKey(`${publicKey} &<>\\n$$\{x}`),
    'tofu.tfvars:5  bastion_ssh_keys.scaleway = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHV…',
    'One key, one line; several are a list: ["ssh-ed25519 …", "ssh-ed25519 …"].',
  ],
  [
    "an empty key",
    sshKey(""),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub).`,
  ],
  [
    "no key",
    sshKeys("{}"),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    'Required: a public SSH key for the bastion, { scaleway = "ssh-ed25519 AAAA…" }.',
  ],
  [
    "a key of another cloud only",
    sshKeys(`{ ovh = "${publicKey}" }`),
    "tofu.tfvars:5  bastion_ssh_keys.scaleway",
    'Required: a public SSH key for the bastion, { scaleway = "ssh-ed25519 AAAA…" }.',
  ],
  [
    "a broken key of a cloud that has no nodes",
    sshKeys(`{ scaleway = "${publicKey}", ovh = "me@desk" }`),
    "tofu.tfvars:5  bastion_ssh_keys.ovh",
    `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub).`,
  ],
];
