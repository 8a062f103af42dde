import { historiesOf } from "./suite";

historiesOf(1, 1);
