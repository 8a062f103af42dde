import { scaleway } from "../support/clouds";
import { accessOn } from "./access";

accessOn([scaleway]);
