import { lines, settings, type Row } from "./table";

export const network: readonly Row[] = [
  [
    "no prefix length",
    lines('network_cidr = "172.16.4.0"'),
    'tofu.tfvars:6  network_cidr = "172.16.4.0"',
    'An IPv4 network, such as "172.16.4.0/22".',
  ],
  [
    "IPv6",
    lines('network_cidr = "fd00::/64"'),
    'tofu.tfvars:6  network_cidr = "fd00::/64"',
    'An IPv4 network, such as "172.16.4.0/22".',
  ],
  [
    "a word",
    lines('network_cidr = "default"'),
    'tofu.tfvars:6  network_cidr = "default"',
    'An IPv4 network, such as "172.16.4.0/22".',
  ],
  [
    "an empty text",
    lines('network_cidr = ""'),
    'tofu.tfvars:6  network_cidr = ""',
    'An IPv4 network, such as "172.16.4.0/22".',
  ],
  [
    "host bits",
    lines('network_cidr = "172.16.5.1/22"'),
    'tofu.tfvars:6  network_cidr = "172.16.5.1/22"',
    "The network's own address is 172.16.4.0/22.",
  ],
  [
    "public addresses",
    lines('network_cidr = "203.0.112.0/22"'),
    'tofu.tfvars:6  network_cidr = "203.0.112.0/22"',
    "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
  ],
  [
    "just outside of the private ones",
    lines('network_cidr = "172.32.0.0/16"'),
    'tofu.tfvars:6  network_cidr = "172.32.0.0/16"',
    "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
  ],
  [
    "a carrier's addresses",
    lines('network_cidr = "100.64.0.0/16"'),
    'tofu.tfvars:6  network_cidr = "100.64.0.0/16"',
    "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
  ],
  [
    "too large",
    lines('network_cidr = "10.0.0.0/15"'),
    'tofu.tfvars:6  network_cidr = "10.0.0.0/15"',
    "Allowed: /16 to /22.",
  ],
  [
    "too small",
    lines('network_cidr = "10.0.0.0/23"'),
    'tofu.tfvars:6  network_cidr = "10.0.0.0/23"',
    "Allowed: /16 to /22.",
  ],
  [
    "the pods' network",
    lines('network_cidr = "10.244.0.0/16"'),
    'tofu.tfvars:6  network_cidr = "10.244.0.0/16"',
    "Overlaps 10.244.0.0/16, where the cluster's pods have their addresses.",
  ],
  [
    "a part of the pods' network",
    lines('network_cidr = "10.244.8.0/22"'),
    'tofu.tfvars:6  network_cidr = "10.244.8.0/22"',
    "Overlaps 10.244.0.0/16, where the cluster's pods have their addresses.",
  ],
  [
    "the services' network",
    lines('network_cidr = "10.96.0.0/16"'),
    'tofu.tfvars:6  network_cidr = "10.96.0.0/16"',
    "Overlaps 10.96.0.0/12, where the cluster's services have their addresses.",
  ],
  [
    "more workers than addresses",
    settings("workers = 600", 'worker_instance_type = "PRO2-S"'),
    "tofu.tfvars:10  node_distribution.scaleway.workers = 600",
    "The network has room for 508 workers.",
  ],
  [
    "a name with a scheme of its own",
    lines('cluster_endpoint = "http://api.example.org"'),
    'tofu.tfvars:15  cluster_endpoint = "http://api.example.org"',
    `A DNS name, such as "api.example.org", that you point at the load balancer once it exists. The load balancer's own address needs no line.`,
  ],
  [
    "an address as the API's name",
    lines('cluster_endpoint = "203.0.113.7"'),
    'tofu.tfvars:15  cluster_endpoint = "203.0.113.7"',
    `A DNS name, such as "api.example.org", that you point at the load balancer once it exists. The load balancer's own address needs no line.`,
  ],
  [
    "a name without a dot",
    lines('cluster_endpoint = "api"'),
    'tofu.tfvars:15  cluster_endpoint = "api"',
    `A DNS name, such as "api.example.org", that you point at the load balancer once it exists. The load balancer's own address needs no line.`,
  ],
  [
    "another port",
    lines('cluster_endpoint = "api.example.org:443"'),
    'tofu.tfvars:15  cluster_endpoint = "api.example.org:443"',
    `A DNS name, such as "api.example.org", that you point at the load balancer once it exists. The load balancer's own address needs no line.`,
  ],
  [
    "an underscore in a name",
    lines('cluster_endpoint = "api_1.example.org"'),
    'tofu.tfvars:15  cluster_endpoint = "api_1.example.org"',
    `A DNS name, such as "api.example.org", that you point at the load balancer once it exists. The load balancer's own address needs no line.`,
  ],
  [
    "the original's name",
    lines('cluster_endpoint = "https://openaether.local:6443"'),
    'tofu.tfvars:15  cluster_endpoint = "https://openaether.local:6443"',
    "Still the original's placeholder. Remove the line, or put your own name here.",
  ],
];
