/** A load balancer's name is its id, and at most 32 characters (API description). */
const longestLoadBalancerName = 32;
const suffix = "-api";

export function loadBalancerName(clusterName: string): string {
  return clusterName + suffix;
}

export const longestClusterName = longestLoadBalancerName - suffix.length;
