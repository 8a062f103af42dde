import { expect, test } from "@jest/globals";
import { utils } from "ssh2";
import { sshKeyPair } from "../../utility/ssh-key-pair";

// More than a first byte has values, so that a generator that drops a leading zero fails.
const many = Array.from({ length: 1500 }, () => sshKeyPair("somebody"));

test("every generated SSH key pair matches, with public halves of one length", () => {
  for (const pair of many) {
    const [type, blob = "", comment] = pair.public.split(" ");
    expect([type, comment]).toEqual(["ssh-ed25519", "somebody"]);
    expect(Buffer.from(blob, "base64")).toHaveLength(51);
    const parsed = utils.parseKey(pair.private);
    if (parsed instanceof Error) throw parsed;
    expect(parsed.getPublicSSH().toString("base64")).toBe(blob);
  }
});
