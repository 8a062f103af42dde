import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";

let checkout: Checkout;
let temporary: string;

beforeAll(() => {
  checkout = new Checkout();
  temporary = join(checkout.directory, "tmp");
  mkdirSync(temporary);
});
afterAll(() => {
  checkout.remove();
});

/**
 * Keeps a rehearsal, runs the lines that it prints as a user would paste them, and presses Ctrl-C.
 * @returns what the lines printed
 */
async function keptLines(path: string): Promise<{ code: number | null; output: string }> {
  const script = `
    ./openaether rehearse --keep > kept.txt 2>&1 & id=$!
    until grep -q ' state list$' kept.txt || ! kill -0 $id 2>/dev/null; do read -t 0.05 <> <(:) || true; done
    sed -n '/another terminal/,$ p' kept.txt | grep '^  ' > lines.sh || true
    status=0
    PATH="$STUB:$PATH" bash -e lines.sh || status=$?
    kill -s INT $id; wait $id || status=$?
    tail -n 12 kept.txt; exit $status`;
  return checkout.run(script, { TMPDIR: temporary, STUB: path });
}

test("the lines that a kept rehearsal prints work as they are, in another terminal", async () => {
  // The real one is in the deep tests: here, whether Talos's API answers where its file says.
  const programs = join(checkout.directory, "talos-stub");
  mkdirSync(programs);
  writeFileSync(
    join(programs, "talosctl"),
    `#!/bin/bash
endpoint=$(grep -oE '127\\.0\\.0\\.1:[0-9]+' "$2")
openssl s_client -connect "$endpoint" -alpn h2 </dev/null 2>/dev/null | grep -oE 'TLSv1.3' | head -n 1
echo "asked $4 for its $5"
`,
  );
  chmodSync(join(programs, "talosctl"), 0o755);
  const before = readdirSync(checkout.directory);
  const { code, output } = await keptLines(programs);
  expect(output).toContain("TLSv1.3");
  expect(output).toContain("asked 172.16.4.4 for its version");
  expect(output).toContain("openaether on a simulated Scaleway, fr-par: 45 resources, 5 nodes");
  expect(output).toMatch(/^null_resource\.tunnel$/m);
  expect(output).toContain("Proved: ");
  expect(code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
  const left = readdirSync(checkout.directory).filter((name) => !before.includes(name));
  expect(left.sort()).toEqual(["kept.txt", "lines.sh"]);
});

test("a kept rehearsal whose state was encrypted meanwhile is destroyed at its end", async () => {
  const script = `
    ./openaether rehearse --keep > kept.txt 2>&1 & id=$!
    until grep -q ' state list$' kept.txt || ! kill -0 $id 2>/dev/null; do read -t 0.05 <> <(:) || true; done
    home=$(sed -n 's,^To rehearse a change.* edit \\(.*\\)/tofu.tfvars.$,\\1,p' kept.txt) status=0
    (
      . "$home/environment"
      echo correct-horse-battery-staple > "$home/passphrase"; chmod 600 "$home/passphrase"
      echo 'state = { encryption = "passphrase", passphrase_file = "passphrase" }' >> "$home/tofu.tfvars"
      ./openaether state migrate --dir "$home"
    ) || status=$?
    kill -s INT $id; wait $id || status=$?
    tail -n 12 kept.txt; exit $status`;
  const { code, output } = await checkout.run(script, { TMPDIR: temporary });
  expect(output).toContain("the state is encrypted (passphrase)");
  expect(output).toContain("Proved: ");
  expect(code).toBe(0);
});
