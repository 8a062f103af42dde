import { connect } from "node:net";
import { parseAllDocuments } from "yaml";
import { issueCertificate } from "../../simulator/pki/certificates";
import { EtcdClient } from "../../simulator/runtime/etcd/client";
import { type DeepCluster, healthy } from "./deep-cluster";

interface EtcdAuthority {
  readonly cluster?: {
    readonly etcd?: { readonly ca?: { readonly crt: string; readonly key: string } };
  };
}

/**
 * Adds a learner to etcd that nothing starts, as a node does that dies while it joins.
 * @param configuration The machine configuration of a control plane
 * @returns what removes it
 */
export async function addLearner(
  deep: DeepCluster,
  configuration: string,
  peer: string,
): Promise<() => Promise<void>> {
  const [document] = parseAllDocuments(configuration);
  const { crt = "", key = "" } = (document?.toJS() as EtcdAuthority).cluster?.etcd?.ca ?? {};
  const pem = (encoded: string) => Buffer.from(encoded, "base64").toString();
  const authority = { certificate: pem(crt), key: pem(key) };
  const lifetime = { from: new Date(), to: new Date(Date.now() + 3_600_000) };
  const client = await issueCertificate(authority, {
    subject: "CN=operator",
    lifetime,
    usages: ["client"],
  });
  const [etcd] = healthy(await deep.status(), "etcd");
  const open = () => Promise.resolve(connect(etcd?.port ?? 0, "127.0.0.1"));
  const options = { authority: authority.certificate, client, serverName: "localhost", open };
  const etcdClient = new EtcdClient(options);
  const request = { peer_urls: [`https://${peer}:2380`], is_learner: true };
  const { member } = await etcdClient.call("Cluster.MemberAdd", request);
  return async () => {
    await etcdClient.call("Cluster.MemberRemove", { id: member.id });
    etcdClient.close();
  };
}
