import { describe, expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CloudName } from "../../../../constructs/model/cluster-spec";
import { clouds } from "../../../../src/cli/doctor/clouds";
import { temporaryFolder } from "../../../support/input";

const signs = { ok: "✓", warning: "!", error: "✗" };

/** The finding about the credentials in an environment, and in files below the home directory. */
function said(
  cloud: CloudName,
  environment: Record<string, string>,
  files: Record<string, string> = {},
): string {
  const userHome = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(userHome, name)), { recursive: true });
    writeFileSync(join(userHome, name), text);
  }
  return clouds[cloud]
    .credentials({ environment, userHome, stackFolder: join(userHome, "stack") })
    .map(({ severity, summary: text, fix = "" }) => `${signs[severity]} ${text} ${fix}`.trim())
    .join("\n")
    .replaceAll(userHome, "~");
}

const id = "11111111-2222-4333-8444-555555555555";
const secret = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const other = "99999999-2222-4333-8444-555555555555";

describe("Scaleway", () => {
  const all = {
    SCW_ACCESS_KEY: "SCWAAAAAAAAAAAAAAAAA",
    SCW_SECRET_KEY: secret,
    SCW_DEFAULT_PROJECT_ID: id,
  };
  const profile = `access_key: SCWBBBBBBBBBBBBBBBBB\nsecret_key: ${other}\ndefault_project_id: ${other}\n`;
  const file = ".config/scw/config.yaml";

  test("all in the environment", () => {
    expect(said("scaleway", all)).toBe(
      "✓ SCW_ACCESS_KEY, SCW_SECRET_KEY and SCW_DEFAULT_PROJECT_ID are set",
    );
  });

  test("one is missing", () => {
    expect(said("scaleway", { ...all, SCW_SECRET_KEY: "" })).toBe(
      "✗ SCW_SECRET_KEY is not set (SCW_ACCESS_KEY and SCW_DEFAULT_PROJECT_ID are). " +
        "export SCW_SECRET_KEY=…   # console → IAM → API keys",
    );
  });

  test("a profile alone, the active one, or the one that is named", () => {
    expect(said("scaleway", {}, { [file]: profile })).toBe(`✓ of the profile default of ~/${file}`);
    const two = `active_profile: work\nprofiles:\n  work: { access_key: SCWCCCCCCCCCCCCCCCCC, secret_key: ${id}, default_project_id: ${id} }\n`;
    expect(said("scaleway", {}, { [file]: two })).toBe(`✓ of the profile work of ~/${file}`);
    expect(said("scaleway", { SCW_PROFILE: "home" }, { [file]: two })).toMatch(/^✗ SCW_ACCESS_KEY/);
  });

  test("the environment wins over a profile, and two sources for one login are warned of", () => {
    expect(said("scaleway", all, { [file]: profile })).toMatch(
      /^✓ .* are set, and win over the profile default of ~/,
    );
    expect(said("scaleway", { SCW_SECRET_KEY: secret }, { [file]: profile })).toMatch(
      /^! From two places: SCW_SECRET_KEY is set in the environment, .* unset SCW_SECRET_KEY$/,
    );
  });

  test("a key pasted into the wrong variable is told without being shown", () => {
    const words = said("scaleway", { ...all, SCW_ACCESS_KEY: secret });
    expect(words).toContain("✗ SCW_ACCESS_KEY has not the form of one");
    expect(words).not.toContain(secret);
  });
});

describe("OVHcloud", () => {
  const all = {
    OS_AUTH_URL: "https://auth.cloud.ovh.net/v3",
    OS_TENANT_ID: "t",
    OS_TENANT_NAME: "n",
    OS_USERNAME: "user-1",
    OS_PASSWORD: "hush",
    OS_REGION_NAME: "GRA11",
  };
  const yaml = "clouds:\n  ovh: { auth: {} }\n";

  test("a password, with the project by its id or by its name", () => {
    const { OS_TENANT_ID, OS_REGION_NAME, ...byName } = all;
    expect([OS_TENANT_ID, OS_REGION_NAME]).toEqual(["t", "GRA11"]);
    expect(said("ovh", all)).toMatch(/^✓ OS_AUTH_URL, .* and OS_PASSWORD are set$/);
    expect(said("ovh", byName)).toMatch(/^✓ /);
    expect(said("ovh", { ...byName, OS_TENANT_NAME: "", OS_PROJECT_ID: "t" })).toMatch(/^✓ /);
  });

  test("what is missing is named", () => {
    expect(said("ovh", { OS_AUTH_URL: all.OS_AUTH_URL })).toBe(
      "✗ OS_TENANT_ID, OS_TENANT_NAME, OS_USERNAME and OS_PASSWORD are not set (OS_AUTH_URL is). " +
        ". openrc.sh   # or export OS_TENANT_ID=… OS_TENANT_NAME=… OS_USERNAME=… OS_PASSWORD=…",
    );
  });

  test("an application credential is one way, and needs its secret", () => {
    const application = { OS_AUTH_URL: all.OS_AUTH_URL, OS_APPLICATION_CREDENTIAL_ID: "a" };
    expect(said("ovh", application)).toMatch(
      /^✗ For the application credential, OS_APPLICATION_CREDENTIAL_SECRET is not set/,
    );
    expect(said("ovh", { ...application, OS_APPLICATION_CREDENTIAL_SECRET: "s" })).toMatch(
      /^✓ an application credential: /,
    );
  });

  test("OS_CLOUD wins over what is exported, if its file is where the provider looks", () => {
    const place = ".config/openstack/clouds.yaml";
    expect(said("ovh", { OS_CLOUD: "ovh" }, { [place]: yaml })).toBe(
      `✓ the cloud ovh of ~/${place}`,
    );
    expect(said("ovh", { ...all, OS_CLOUD: "ovh" }, { [place]: yaml })).toMatch(
      /^! OS_CLOUD names ovh of ~\S+, which wins over OS_AUTH_URL, .*unset OS_CLOUD/,
    );
    expect(said("ovh", { OS_CLOUD: "other" }, { [place]: yaml })).toMatch(/has no such entry/);
    // Providers run in the stack's directory.
    expect(said("ovh", { OS_CLOUD: "ovh" }, { "clouds.yaml": yaml })).toMatch(
      /^✗ .* there is no ~/,
    );
  });

  test("settings that contradict each other", () => {
    expect(said("ovh", { ...all, OS_PROJECT_ID: "u" })).toContain(
      "! OS_TENANT_ID and OS_PROJECT_ID differ: OS_TENANT_ID wins. unset OS_PROJECT_ID",
    );
    expect(said("ovh", { ...all, OS_USER_ID: "u" })).toContain(
      "✗ OS_USERNAME and OS_USER_ID are both",
    );
    const two = {
      ...all,
      OS_APPLICATION_CREDENTIAL_ID: "a",
      OS_APPLICATION_CREDENTIAL_SECRET: "s",
    };
    expect(said("ovh", two)).toMatch(/! OS_PASSWORD and OS_APPLICATION_CREDENTIAL_SECRET are set/);
  });
});

describe("Outscale", () => {
  const all = { OSC_ACCESS_KEY: "A", OSC_SECRET_KEY: "S" };
  const file = ".osc/config.json";
  const profiles = JSON.stringify({ default: { access_key: "B", secret_key: "T" } });

  test("both keys in the environment, or one of them missing", () => {
    expect(said("outscale", all)).toBe("✓ OSC_ACCESS_KEY and OSC_SECRET_KEY are set");
    expect(said("outscale", { OSC_ACCESS_KEY: "A" })).toMatch(
      /^✗ OSC_SECRET_KEY is not set \(OSC_ACCESS_KEY is\)\./,
    );
    expect(said("outscale", { OUTSCALE_ACCESSKEYID: "A" })).toContain("and not read any more");
  });

  test("a default profile beats exported keys, which is told, since the provider does not", () => {
    expect(said("outscale", {}, { [file]: profiles })).toBe(`✓ the profile default of ~/${file}`);
    expect(said("outscale", all, { [file]: profiles })).toMatch(
      /^! The profile default of \S+ wins over OSC_ACCESS_KEY and OSC_SECRET_KEY, without a word.* mv /,
    );
    const same = { OSC_ACCESS_KEY: "B", OSC_SECRET_KEY: "T" };
    expect(said("outscale", same, { [file]: profiles })).toMatch(/^✓ the profile default/);
  });

  test("a profile or a file that is named and not there", () => {
    expect(said("outscale", { ...all, OSC_PROFILE: "work" }, { [file]: profiles })).toMatch(
      /^✗ OSC_PROFILE names work, and \S+ has no such profile/,
    );
    expect(said("outscale", { OSC_CONFIG_FILE: "/no/such.json" })).toMatch(
      /^✗ OSC_CONFIG_FILE names/,
    );
  });
});

test("no value of a secret is ever said", () => {
  const hush = { OS_PASSWORD: "hush", OSC_SECRET_KEY: "hush", SCW_SECRET_KEY: "hush" };
  for (const cloud of ["scaleway", "ovh", "outscale"] as const) {
    expect(said(cloud, hush)).not.toContain("hush");
  }
});
