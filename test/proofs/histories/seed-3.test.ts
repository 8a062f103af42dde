import { historiesOf } from "../../histories/suite";

historiesOf(3, 10);
