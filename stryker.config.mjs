import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is mutated, and the tests that must see it: `MUTATION=rules npm run test:mutation`. */
const groups = {
  // Everything that refuses input.
  input: [
    "src/config/cluster-spec.ts",
    "src/config/checks/{access,endpoint,network,nodes,versions}.ts",
    "src/config/schema/shape.ts",
    "src/config/syntax/plain-values.ts",
    "constructs/model/{address-plan,cidr,version}.ts",
    "providers/resolve-*.ts",
    "providers/*/resolve.ts",
  ],
  // Everything that decides who can reach whom.
  rules: [
    "constructs/{model/security-rules,talos-firewall,bastion-boot}.ts",
    "providers/*/{security-groups,load-balancer,bastion}.ts",
  ],
  // The simulated packet filters, on which every proof about the network is based.
  simulator: ["simulator/reachability/{filter,machine,walk}.ts"],
};

const group = process.env.MUTATION ?? "rules";

export default {
  mutate: groups[group],
  testRunner: "jest",
  jest: {
    // No tofu is needed here, so that nothing has to find one first.
    config: { testMatch: [`<rootDir>/test/mutation/${group}.ts`], globalSetup: null },
    enableFindRelatedTests: false,
  },
  // Messages are judged word for word by the tests themselves.
  mutator: { excludedMutations: ["StringLiteral"] },
  // Rules are tested on configurations that are synthesized while a test file is loaded.
  coverageAnalysis: group === "input" ? "perTest" : "off",
  concurrency: 2,
  // A machine that is busy otherwise is no reason to call a mutant killed.
  timeoutMS: 30_000,
  checkers: [],
  ignorePatterns: ["bench", "cdktf.out", "dist", "docs"],
  // Beside the checkout, where neither jest nor eslint finds the copies.
  tempDirName: join(tmpdir(), `openaether-mutation-${group}`),
  reporters: ["clear-text"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 80 },
};
