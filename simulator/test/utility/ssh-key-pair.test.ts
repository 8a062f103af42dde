import { expect, test } from "@jest/globals";
import { utils } from "ssh2";
import { sshKeyPair } from "../../utility/ssh-key-pair";

// More than there are values of a first byte, in which a generator that drops a zero is seen.
const many = Array.from({ length: 1500 }, () => sshKeyPair("somebody"));

test("every pair is one: public halves of one length, which belong to their private halves", () => {
  for (const pair of many) {
    const [type, blob = "", comment] = pair.public.split(" ");
    expect([type, comment]).toEqual(["ssh-ed25519", "somebody"]);
    expect(Buffer.from(blob, "base64")).toHaveLength(51);
    const parsed = utils.parseKey(pair.private);
    if (parsed instanceof Error) throw parsed;
    expect(parsed.getPublicSSH().toString("base64")).toBe(blob);
  }
});
