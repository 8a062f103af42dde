import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";
import { expectWhole } from "./rehearse";

let checkout: Checkout;
let temporary: string;

beforeAll(() => {
  checkout = new Checkout();
  temporary = join(checkout.directory, "tmp");
});
afterAll(() => {
  checkout.remove();
});

/** With a temporary directory of its own, so that a test sees what is left there. */
const rehearse = (script: string, environment: Record<string, string> = {}) =>
  checkout.run(`mkdir -p "$TMPDIR"; ${script}`, { TMPDIR: temporary, ...environment });

test("without a tofu.tfvars, rehearse runs the example from synth to destroy", async () => {
  const { code, output } = await rehearse("npm start", {
    // None of these may reach a rehearsal, or cause a warning.
    SCW_SECRET_KEY: "not-a-secret",
    TF_CLI_ARGS: "-bogus",
    TF_CLI_ARGS_plan: "-bogus",
    TF_CLI_CONFIG_FILE: "/no/such.tofurc",
    TF_DATA_DIR: "/no/such/folder",
    TF_PLUGIN_CACHE_DIR: "/no/such/folder",
    TF_REATTACH_PROVIDERS: "nonsense",
    TF_WORKSPACE: "staging",
  });
  expect(output).not.toMatch(/\bTF_/);
  expectWhole(output, "Scaleway", 45);
  expect(output).toContain("Not proved");
  expect(code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

test("rehearse runs an existing tofu.tfvars, and writes nothing beside it", async () => {
  writeFileSync(
    join(checkout.directory, "mine.tfvars"),
    `admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${checkout.key.public}" }
node_distribution = { scaleway = { control_planes = 1, workers = 0, region = "nl-ams", image_name = "mine" } }
`,
  );
  const before = readdirSync(checkout.directory);
  const { code, output } = await rehearse("./openaether rehearse --file mine.tfvars");
  expect(output).toContain("32 of 32, nothing left");
  expect(code).toBe(0);
  expect(readdirSync(checkout.directory)).toEqual(before);
});

test("rehearse reports mistakes as synth does, with status 1", async () => {
  writeFileSync(join(checkout.directory, "broken.tfvars"), 'adminip = "1.2.3.4"\n');
  const { code, output } = await rehearse("./openaether rehearse --file broken.tfvars");
  expect(output).toContain("Did you mean admin_ip?");
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});

test("a failing step ends rehearse with the cloud's own message and status 1", async () => {
  writeFileSync(
    join(checkout.directory, "many.tfvars"),
    `admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${checkout.key.public}" }
node_distribution = { scaleway = { control_planes = 3, workers = 0, region = "fr-par", instance_type = "PRO2-XXS" } }
`,
  );
  const { code, output } = await rehearse("./openaether rehearse --file many.tfvars");
  expect(output).toMatch(/✗ apply/);
  expect(output).toContain("has reached its quota");
  expect(code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"])("%s ends rehearse, and nothing is left", async (signal) => {
  // The signal is sent to the rehearsal when its apply starts.
  const script = `
    ./openaether rehearse > out.txt 2>&1 & id=$!
    until grep -q '✓ plan ' out.txt; do read -t 0.05 <> <(:) || true; done
    kill -s ${signal} $id; status=0; wait $id || status=$?; cat out.txt; rm out.txt; exit $status`;
  const { code, output } = await rehearse(script);
  expect(output).toContain("Interrupted. Nothing is left of the rehearsal.");
  expect(code).toBe(130);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each([
  ["two inputs in one folder", "touch tofu.tfvars tofu.tfvars.json", "", "Keep one of them"],
  ["a folder as input", "true", "--file docs", "cannot be read"],
])("rehearse refuses %s as synth does", async (_name, prepare, option, printed) => {
  const { code, output } = await rehearse(
    `${prepare}; ./openaether rehearse ${option} || status=$?; rm -f tofu.tfvars*.json tofu.tfvars; exit $status`,
  );
  expect(output).toContain(printed);
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});

test("rehearse refuses an unknown cloud and names the known ones", async () => {
  const { code, output } = await rehearse("./openaether rehearse --cloud azure");
  expect(output).toContain("scaleway");
  expect(code).toBe(64);
});
