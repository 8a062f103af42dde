/** Internet service: the Net's route to the internet, once it is linked. Until then it has no Net and no state. */
import { stringOf } from "../values";
import type { Account } from "./account";
import { conflict } from "./errors";
import type { InternetService } from "./objects";
import type { Kind } from "./resource";

export function internetService(account: Account): Kind<InternetService> {
  return {
    type: "outscale_internet_service",
    generation: "framework",
    title: "Internet Service",
    keeps: ["id", "internet_service_id"],
    destruction: "Applying this resource destruction will fully destroy this resource.",

    create() {
      account.checkQuota("internetServices", account.internetServices.all().length);
      return account.internetServices.put(account.newObject("igw"));
    },

    find: (state) => account.internetServices.get(stringOf(state.id) ?? ""),

    show: ({ id, net }) => ({
      id,
      internet_service_id: id,
      net_id: net ?? "",
      state: net === undefined ? "" : "available",
    }),

    update: () => undefined,

    delete(state) {
      const object = account.internetServices.find(stringOf(state.id) ?? "");
      if (object.net !== undefined)
        throw conflict(9029, `The internet service ${object.id} is linked to ${object.net}.`);
      account.internetServices.remove(object.id);
    },
  };
}
